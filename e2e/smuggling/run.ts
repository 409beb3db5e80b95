/** The request smuggling suite's command line.
 *
 *      npm run smuggling -- --mutations N [--seed S] [--from INDEX] [--front http/1.1|h2] [--known] [--rules]
 *
 *  A case is made from the seed and its index alone: `--seed S --from INDEX --mutations 1` plays one again.
 *  `--rules` leaves the edge its rules, which refuse most of what arrives otherwise.
 *  `--known` plays what known.ts leaves out, too.
 *  Exit code: 0 where nothing was found, 1 where something was, 2 where the suite could not run. */
import { parseArgs } from 'node:util'
import { type Campaign, epochCasesMax, startCampaign } from './campaign.ts'
import { edgeFront, edgeWithRules } from './front.ts'
import type { Finding } from './judge.ts'
import { culprit, described, minimised, signature } from './minimise.ts'
import { type AnyCase, http1, http2, type Protocol } from './protocol.ts'

const usage =
  'usage: npm run smuggling -- --mutations N [--seed S] [--from INDEX] [--front http/1.1|h2] [--known] [--rules]'
/** Kinds of findings that are shown, one of each; a broken edge has thousands. */
const shownMax = 10

function readCommandLine() {
  const { values } = parseArgs({
    options: {
      mutations: { type: 'string' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      front: { type: 'string', default: 'http/1.1' },
      rules: { type: 'boolean', default: false },
      known: { type: 'boolean', default: false },
    },
  })
  const [mutations, seed, from] = [values.mutations, values.seed, values.from].map(Number)
  if (![mutations, seed, from].every(Number.isSafeInteger)) throw new TypeError('expected whole numbers')
  if (values.front !== 'http/1.1' && values.front !== 'h2')
    throw new TypeError(`--front ${values.front}: expected http/1.1 or h2`)
  return {
    mutations: mutations ?? 0,
    seed: seed ?? 0,
    from: from ?? 0,
    front: values.front,
    known: values.known,
    rules: values.rules,
  } as const
}

type CommandLine = ReturnType<typeof readCommandLine>

async function run<C extends AnyCase>(protocol: Protocol<C>, line: CommandLine): Promise<number> {
  const { mutations, seed, from, known, rules } = line
  await using campaign = await startCampaign(protocol, (rules ? edgeWithRules : edgeFront)(protocol.name))
  const startedAt = performance.now()
  const seen = new Set<string>()
  for (let done = 0; done < mutations; done += epochCasesMax) {
    const length = Math.min(epochCasesMax, mutations - done)
    const cases = Array.from({ length }, (_, i) => protocol.caseOf(seed, from + done + i)).filter(
      (one) => known || !protocol.isKnown(one),
    )
    const findings = await campaign.epoch(cases)
    for (const finding of findings) {
      if (seen.size >= shownMax || seen.has(signature(finding))) continue
      seen.add(signature(finding))
      say(await explained({ protocol, campaign, seed, cases }, finding))
    }
    progress(campaign, seed, from + done + length, startedAt)
  }
  const { harmful, wrongTags } = campaign.tally
  const left = mutations - campaign.tally.mutations
  if (left > 0) say(`${left} of them not played: they touch what known.ts lists`)
  say(`${mutations} mutations, ${harmful} harmful, ${wrongTags} wrong tags`)
  return harmful + wrongTags === 0 ? 0 : 1
}

interface Epoch<C extends AnyCase> {
  readonly protocol: Protocol<C>
  readonly campaign: Campaign<C>
  readonly seed: number
  readonly cases: readonly C[]
}

/** Finds the case where the bytes did not tell, and shortens it. Findings on the way are not counted again. */
async function explained<C extends AnyCase>(epoch: Epoch<C>, finding: Finding): Promise<string> {
  const { protocol, campaign, seed, cases } = epoch
  const before = { ...campaign.tally }
  const looked = signature(finding)
  const fails = async (some: readonly C[]): Promise<boolean> =>
    (await campaign.epoch(some)).some((found) => signature(found) === looked)
  const suspects = cases.filter(({ index }) => finding.index === null || finding.index === index)
  const found = await culprit(suspects, fails)
  const short = found === null ? null : await minimised(found, protocol.shorter, (one) => fails([one]))
  Object.assign(campaign.tally, before)
  const one = short ?? suspects.find(({ index }) => index === finding.index) ?? null
  const text = described(finding, seed, one === null ? null : { ...one, lines: protocol.shown(one) })
  return short === null ? `${text}\n  (not found again when played alone)` : text
}

function progress(
  { tally, counts }: Pick<Campaign<AnyCase>, 'tally' | 'counts'>,
  seed: number,
  index: number,
  startedAt: number,
): void {
  const perSecond = Math.round((tally.mutations / (performance.now() - startedAt)) * 1000)
  const words = `${counts.arrived} requests arrived, ${counts.rejected} rejected, ${tally.keptOpen} connections kept`
  process.stderr.write(`seed ${seed}, up to index ${index}: ${words}, ${perSecond} mutations/s\n`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  const line = readCommandLine()
  process.exitCode = await (line.front === 'h2' ? run(http2, line) : run(http1, line))
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n${usage}\n`)
  process.exitCode = 2
}
