/** Values that a configuration may hold and that this version does not do. They are refused, never ignored: whoever asks for something
 *  must not believe that it is done. A row goes when its value works. */
import type { Complaint } from '../config/complaint.ts'
import type { Config } from '../config/config.ts'
import { faultLine } from '../config/fault.ts'
import type { Loaded } from '../config/load.ts'
import type { Path } from '../config/located.ts'
import { Failure } from './failure.ts'

/** Throws a `Failure` for what this version does not do, a line each. */
export function refuseUnbuilt({ config, fault }: Pick<Loaded, 'config' | 'fault'>): void {
  const lines = unbuiltComplaints(config).map((complaint) => faultLine(fault(complaint)))
  if (lines.length > 0) throw new Failure(2, lines.join('\n'), 'located')
}

function unbuiltComplaints({ routes }: Config): readonly Complaint[] {
  const say = (path: Path, what: string, mend: string): Complaint => ({
    path,
    message: `${what} is not in this version: ${mend}`,
  })
  return [
    ...routes.flatMap(({ body }, index) => [
      ...(body.over === 'pass' ? [say(['routes', index, 'body', 'over'], 'over: pass', 'write reject')] : []),
    ]),
  ]
}
