/** The targets of a case, and what its bodies hold: a whole request, or the beginning of one that eats what follows. */
import type { Random } from './random.ts'
import { type Behaviour, behaviourNames } from './strict-upstream.ts'

/** `/c4711/0/plain`: the case, the place in it, how the upstream is to answer. */
export function targetOf(random: Random, index: number, place: string): string {
  const behaviour: Behaviour = random.chance(0.6) ? 'plain' : random.pick(behaviourNames)
  return `/c${index}/${place}/${behaviour}`
}

export function smuggledRequest(random: Random, index: number, n: number): string {
  const head = `GET ${targetOf(random, index, `${n}/smuggled`)} HTTP/1.1\r\n`
  return head + random.pick(['Host: s\r\n\r\n', 'Host: s\r\n\r\n', 'Host: s\r\nX-Eats: ', 'X: '])
}
