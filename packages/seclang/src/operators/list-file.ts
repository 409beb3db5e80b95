/** Files that rules name: one entry a line. */
import { asciiTrim, asciiWords } from './ascii.ts'
import { type OperatorContext, OperatorError } from './operator.ts'

/** The entries of the files that `argument` names (several between white space): lines without the white space at their
 *  ends; empty ones and those that begin with `#` are left out. Throws `OperatorError` if a file cannot be read. */
export function readListFiles(name: string, argument: string, context: OperatorContext): string[] {
  const paths = asciiWords(argument)
  if (paths.length === 0) throw new OperatorError(`@${name} needs the path of a file`)
  return paths.flatMap((path) =>
    readBytes(name, path, context)
      .split('\n')
      .map(asciiTrim)
      .filter((line) => line !== '' && !line.startsWith('#')),
  )
}

function readBytes(name: string, path: string, context: OperatorContext): string {
  if (/^https?:/i.test(path)) {
    throw new OperatorError(`@${name} reads local files only; save ${path} beside the rules and name that file`)
  }
  try {
    return Buffer.from(context.readFile(path)).toString('latin1')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError(`@${name} cannot read "${path}": ${reason}`, { cause })
  }
}
