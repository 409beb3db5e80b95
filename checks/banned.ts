/** Calls and comments that the house does not have, each with what to use instead. */
import { isCode, isTest, type Source } from './sources.ts'
import { field, finding, isNode, type Node, nameOf, syntaxOf, walk } from './syntax.ts'

interface Ban {
  /** What the message calls it. */
  readonly name: string
  readonly use: string
  readonly found: (node: Node) => boolean
  /** Where it may stand after all. */
  readonly except?: (source: Source) => boolean
}

const compiling = ['packages/seclang/src/compile/', 'packages/seclang/src/rx/']
const testers: ReadonlySet<string> = new Set(['test', 'it', 'describe', 'suite'])
const switches: ReadonlySet<string> = new Set(['skip', 'only', 'todo'])

const bans: readonly Ban[] = [
  { name: 'eval', use: 'a closure made from the syntax tree', found: (node) => calls(node, 'eval') },
  {
    name: 'new Function',
    use: 'a closure, or generate code in seclang/src/compile',
    found: (node) => calls(node, 'Function'),
    except: ({ path }) => path.startsWith('packages/seclang/src/compile/'),
  },
  {
    name: 'new RegExp',
    use: 'a literal, or the engine’s own in seclang/src/rx: a pattern made at run time may backtrack for ever',
    found: (node) => calls(node, 'RegExp'),
    except: ({ path }) => compiling.some((folder) => path.startsWith(folder)),
  },
  {
    name: 'console',
    use: 'process.stdout.write for results, process.stderr.write for words',
    found: (node) => node.type === 'MemberExpression' && nameOf(field(node, 'object')) === 'console',
  },
  {
    name: 'setTimeout in a test',
    use: 'an event or a promise that the code under test settles',
    found: (node) => calls(node, 'setTimeout') || calls(node, 'setInterval') || importsTimer(node),
    except: (source) => !isTest(source),
  },
  {
    name: 'a test that is switched off, or runs alone',
    use: 'a test that runs, or none',
    found: (node) => switchedMember(node) || switchedOption(node),
  },
]

/** Calls of a name, with `new` or without. */
function calls(node: Node, name: string): boolean {
  return (node.type === 'CallExpression' || node.type === 'NewExpression') && nameOf(field(node, 'callee')) === name
}

/** `import { setTimeout as sleep } from 'node:timers/promises'` hides the same wait. */
function importsTimer(node: Node): boolean {
  const imported = nameOf(field(node, 'imported'))
  return node.type === 'ImportSpecifier' && (imported === 'setTimeout' || imported === 'setInterval')
}

function isTester(callee: unknown): boolean {
  return testers.has(nameOf(callee) ?? '')
}

/** `test.skip(…)`, `describe.only(…)`. */
function switchedMember(node: Node): boolean {
  if (node.type !== 'MemberExpression') return false
  return isTester(field(node, 'object')) && switches.has(nameOf(field(node, 'property')) ?? '')
}

/** `test('…', { skip: true }, …)`; a reason that is worked out at run time, as `t.skip(reason)`, is another matter. */
function switchedOption(node: Node): boolean {
  const values = field(node, 'arguments')
  if (node.type !== 'CallExpression' || !isTester(field(node, 'callee')) || !Array.isArray(values)) return false
  const options = values.find((value) => isNode(value) && value.type === 'ObjectExpression')
  const properties = field(options, 'properties')
  if (!Array.isArray(properties)) return false
  return properties.some(
    (one) => switches.has(nameOf(field(one, 'key')) ?? '') && field(field(one, 'value'), 'value') !== false,
  )
}

/** Every banned call. */
export function bannedCalls(all: readonly Source[]): string[] {
  return all.filter(isCode).flatMap((source) => {
    const here = bans.filter(({ except }) => except?.(source) !== true)
    const found: string[] = []
    walk(syntaxOf(source).program, (node) => {
      for (const ban of here)
        if (ban.found(node)) found.push(finding(source, node.start, `${ban.name}: use ${ban.use}`))
    })
    return found
  })
}

/** A note to oneself that nobody will find again, unless it names its issue. */
export function bareNotes(all: readonly Source[]): string[] {
  return all.filter(isCode).flatMap((source) =>
    syntaxOf(source)
      .comments.filter(({ value }) => /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/.test(value))
      .map(({ start }) => finding(source, start, 'a bare TODO: use TODO(#12), the issue that will do it')),
  )
}
