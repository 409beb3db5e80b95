/** Trees, printed to SecLang in several ways and parsed back. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ParseContext, parse } from './parse.ts'
import type { Directive, Position } from './syntax.ts'

const alone: ParseContext = { include: () => [], warn: () => {} }
const latin1 = fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)) })

type Tree = Directive extends infer One ? (One extends unknown ? Omit<One, 'at'> : never) : never
const nowhere: Position = { file: 'f', line: 0, column: 0 }

/** Text that quotes can hold: no line ends, and no backslash before a quote or the end, where none could be written. */
const quotable = latin1.map((text) => text.replace(/[\0\n\r]/g, '').replace(/\\+(?=["']|$)/g, ''))
const filled = quotable.map((text) => `x${text}`)
const word = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/)
const selector = fc.oneof(
  filled.map((key) => ({ kind: 'key' as const, key })),
  quotable.map((source) => ({ kind: 'pattern' as const, source })),
)
const target = fc
  .record({
    at: fc.constant(nowhere),
    kind: fc.constantFrom('include' as const, 'exclude' as const, 'count' as const),
    name: word.filter((name) => name !== 'XML'),
    selector: fc.option(selector),
  })
  .chain((node) =>
    fc.oneof(
      fc.constant(node),
      filled.map((path) => ({ ...node, name: 'XML', selector: { kind: 'xpath' as const, path } })),
    ),
  )
const operator = fc.record({
  at: fc.constant(nowhere),
  negated: fc.boolean(),
  name: fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/),
  argument: quotable.map((text) => text.replace(/^[ \t]+/, '')),
})
const action = fc.record({
  at: fc.constant(nowhere),
  name: fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter((name) => name !== 'chain'),
  argument: fc.option(quotable),
})
const some = { minLength: 1, maxLength: 4 }
const id = fc.maxSafeNat()
const ids = fc.array(
  fc.tuple(id, id).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
  some,
)
const actions = fc.array(action, some)
const targets = fc.array(target, some)
const tree: fc.Arbitrary<Tree> = fc.oneof(
  fc.record({ kind: fc.constant('rule' as const), targets, operator, actions: fc.array(action, { maxLength: 4 }) }),
  fc.record({ kind: fc.constantFrom('action' as const, 'defaultAction' as const), actions }),
  fc.record({ kind: fc.constant('marker' as const), label: filled }),
  fc.record({ kind: fc.constant('removeById' as const), ids }),
  fc.record({ kind: fc.constantFrom('removeByTag' as const, 'removeByMsg' as const), pattern: filled }),
  fc.record({ kind: fc.constant('updateTargetById' as const), ids, link: fc.constant(0), targets, replaces: targets }),
  fc.record({
    kind: fc.constantFrom('updateTargetByTag' as const, 'updateTargetByMsg' as const),
    pattern: filled,
    targets,
    replaces: fc.constant([]),
  }),
  fc.record({ kind: fc.constant('updateActionById' as const), id, link: id, actions }),
  fc.record({ kind: fc.constant('setting' as const), name: fc.constant('SecComponentSignature'), argument: filled }),
)

/** What stands between the items of a list: several ways to write the same. */
const breaks = fc.constantFrom('', ' ', '\\\n   ', '\\\r\n\t', '  \\\n\\\n')

/** SecLang for a tree; `gap` gives the next break. */
function print(node: Tree, gap: () => string): string {
  const quote = (text: string): string => `"${text.replaceAll('"', '\\"')}"`
  const single = (text: string): string => `'${text.replaceAll("'", "\\'")}'`
  const list = (all: readonly string[], sign: string): string =>
    quote(all.join('\0' + sign + '\0')).replaceAll('\0', gap)
  const printActions = (all: Extract<Tree, { kind: 'action' }>['actions']): string =>
    list(
      all.map(({ name, argument }) => (argument === null ? name : `${name}:${single(argument)}`)),
      ',',
    )
  const printTargets = (all: Extract<Tree, { kind: 'rule' }>['targets']): string =>
    list(
      all.map(({ kind, name, selector: chosen }) => {
        const start = (kind === 'exclude' ? '!' : kind === 'count' ? '&' : '') + name
        if (chosen === null) return start
        if (chosen.kind === 'xpath') return `${start}:${single(chosen.path)}`
        return `${start}:${single(chosen.kind === 'key' ? chosen.key : `/${chosen.source}/`)}`
      }),
      '|',
    )
  const printIds = (all: Extract<Tree, { kind: 'removeById' }>['ids']): string =>
    quote(all.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', '))
  const between = (): string => ` ${gap()}`
  const printUpdate = (update: Pick<Extract<Tree, { kind: 'updateTargetById' }>, 'targets' | 'replaces'>): string =>
    printTargets(update.targets) + (update.replaces.length > 0 ? between() + printTargets(update.replaces) : '')
  switch (node.kind) {
    case 'rule': {
      const { negated, name, argument } = node.operator
      const middle = quote(`${negated ? '!' : ''}@${name} ${argument}`)
      const end = node.actions.length > 0 ? between() + printActions(node.actions) : ''
      return `SecRule ${printTargets(node.targets)}${between()}${middle}${end}`
    }
    case 'action':
      return `SecAction ${printActions(node.actions)}`
    case 'defaultAction':
      return `SecDefaultAction ${printActions(node.actions)}`
    case 'marker':
      return `SecMarker ${quote(node.label)}`
    case 'removeById':
      return `SecRuleRemoveById ${printIds(node.ids)}`
    case 'removeByTag':
      return `SecRuleRemoveByTag ${quote(node.pattern)}`
    case 'removeByMsg':
      return `SecRuleRemoveByMsg ${quote(node.pattern)}`
    case 'updateTargetById':
      return `SecRuleUpdateTargetById ${printIds(node.ids)} ${printUpdate(node)}`
    case 'updateTargetByTag':
      return `SecRuleUpdateTargetByTag ${quote(node.pattern)} ${printUpdate(node)}`
    case 'updateTargetByMsg':
      return `SecRuleUpdateTargetByMsg ${quote(node.pattern)} ${printUpdate(node)}`
    case 'updateActionById':
      return `SecRuleUpdateActionById ${node.id}:${node.link} ${printActions(node.actions)}`
    case 'setting':
      return `${node.name} ${quote(node.argument)}`
    default:
      return node satisfies never
  }
}

const withoutPlaces = (key: string, value: unknown): unknown => (key === 'at' ? undefined : value)

/** Each target and action must stand where its node says: sign and name, in any case. */
function assertPlaces(source: string, directive: Directive): void {
  const lines = source.split('\n')
  const nodes = [
    ...('actions' in directive ? directive.actions : []),
    ...('targets' in directive ? directive.targets : []),
    ...('replaces' in directive ? directive.replaces : []),
  ]
  for (const node of nodes) {
    const sign = 'kind' in node ? { include: '', exclude: '!', count: '&' }[node.kind] : ''
    const there = lines[node.at.line - 1]!.slice(node.at.column - 1)
    assert.ok(there.startsWith(sign + node.name), `${node.name} is not at ${node.at.line}:${node.at.column}`)
  }
  if (directive.kind !== 'rule') return
  const { at, negated, name } = directive.operator
  assert.ok(lines[at.line - 1]!.slice(at.column - 1).startsWith(`${negated ? '!' : ''}@${name}`))
}

test('a printed tree is parsed back to the same tree, with every node at its place', () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 5 }), fc.array(breaks, some), (trees, gaps) => {
      let used = 0
      const source = trees.map((node) => print(node, () => gaps[used++ % gaps.length]!)).join('\n')
      const parsed = parse(source, 'f', alone)
      const want = JSON.parse(JSON.stringify(trees, withoutPlaces)) as unknown
      assert.deepEqual(JSON.parse(JSON.stringify(parsed, withoutPlaces)), want)
      for (const directive of parsed) assertPlaces(source, directive)
    }),
    { numRuns: 500 },
  )
})
