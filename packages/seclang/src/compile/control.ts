/** `ctl:…`: what a rule changes in the engine for the rest of its transaction.
 *
 *  What decides how bodies are read acts from the next rule on, like all the rest: look-ups that are remembered for the phase
 *  are forgotten then. */

import type { ProcessorName } from '../bodies/body.ts'
import { parseIds } from '../parse/ids.ts'
import { type ActionNode, type Position, SecLangError, type TargetNode } from '../parse/syntax.ts'
import { parseTargets } from '../parse/targets.ts'
import type { Word } from '../parse/words.ts'
import type { Mode, State } from '../state.ts'
import type { CompileContext } from './context.ts'
import type { RuleDefinition } from './definition.ts'
import { hasTarget, inRanges, saying, tagged } from './exclusions.ts'
import type { Effect } from './setvar.ts'
import { definitionOf, exclusionOf } from './targets.ts'

/** The rules that a `ctl` takes out of the rest of the transaction; null: it takes out none. */
export interface Removal {
  readonly rules: readonly number[]
  /** Only these targets of them; null: the rules whole. */
  readonly target: TargetNode | null
}

const processors: Readonly<Record<string, ProcessorName>> = {
  urlencoded: 'URLENCODED',
  multipart: 'MULTIPART',
  json: 'JSON',
  xml: 'XML',
}

const modes: Readonly<Record<string, Mode>> = { on: 'block', off: 'off', detectiononly: 'detect' }

const strength: Readonly<Record<Mode, number>> = { off: 0, detect: 1, block: 2 }

/** Options about logs and files that we do not have: the decision log is the server's. */
const accepted: readonly string[] = ['auditengine', 'auditlogparts', 'debugloglevel', 'hashengine', 'hashenforcement']

interface Option {
  readonly at: Position
  readonly name: string
  readonly value: string
}

function optionOf({ at, argument }: ActionNode): Option {
  const text = argument as string
  const equals = text.indexOf('=')
  if (equals <= 0) throw new SecLangError(at, text, `ctl:${text} needs a value: ctl:OPTION=VALUE`)
  return { at, name: text.slice(0, equals).trim().toLowerCase(), value: text.slice(equals + 1).trim() }
}

/** What a `ctl` removes, for the folding and for the run; looked up once, at compile time. */
export function removalOf(action: ActionNode, rules: readonly RuleDefinition[]): Removal | null {
  const { at, name, value } = optionOf(action)
  const match = /^ruleremove(target)?by(id|tag|msg)$/.exec(name)
  if (match === null) return null
  const [, aimed, by] = match
  const semicolon = value.indexOf(';')
  if (aimed !== undefined && semicolon === -1) {
    throw new SecLangError(at, value, `ctl:${name}=${value} needs a target: RULES;TARGET`)
  }
  const which = aimed === undefined ? value : value.slice(0, semicolon)
  const chosen = chooser(by as string, which.trim(), at)
  const numbers: number[] = []
  for (const [number, rule] of rules.entries()) if (chosen(rule)) numbers.push(number)
  if (aimed === undefined) return { rules: numbers, target: null }
  const targets = parseTargets(wordOf(value.slice(semicolon + 1).trim(), at), 'bars')
  const [target] = targets
  if (target === undefined || targets.length !== 1 || target.kind !== 'include') {
    throw new SecLangError(at, value, `ctl:${name} takes one target: RULES;NAME or RULES;NAME:key`)
  }
  definitionOf(target)
  return { rules: numbers, target }
}

function chooser(by: string, which: string, at: Position): (rule: RuleDefinition) => boolean {
  if (by === 'tag') return tagged(at, which)
  if (by === 'msg') return saying(at, which)
  const ranges = parseIds(wordOf(which, at))
  return (rule) => inRanges(rule.id, ranges)
}

/** A part of an action as the parser's readers take it; faults in it point at the action. */
function wordOf(text: string, at: Position): Word {
  return { file: at.file, text, at, marks: [[0, at.line, at.column]] }
}

export function compileControl(action: ActionNode, context: CompileContext): Effect {
  const removal = removalOf(action, context.rules)
  if (removal !== null) return compileRemoval(removal, action, context)
  const { at, name, value } = optionOf(action)
  const lower = value.toLowerCase()
  switch (name) {
    case 'ruleengine': {
      const mode = modeOf(action)
      if (mode === null) throw new SecLangError(at, value, `ctl:ruleEngine=${value}: write On, Off or DetectionOnly`)
      return (state) => weaken(state, mode)
    }
    case 'requestbodyprocessor': {
      const processor = Object.hasOwn(processors, lower) ? processors[lower] : undefined
      if (processor === undefined) {
        throw new SecLangError(
          at,
          value,
          `ctl:requestBodyProcessor=${value}: write one of ${Object.values(processors).join(', ')}`,
        )
      }
      return (state) => {
        if (state.processor !== processor) state.memo.clear()
        state.processor = processor
      }
    }
    case 'requestbodyaccess': {
      const on = switchOf(at, value)
      return (state) => {
        if (state.requestBodyAccess !== on) state.memo.clear()
        state.requestBodyAccess = on
      }
    }
    case 'responsebodyaccess': {
      const on = switchOf(at, value)
      return (state) => {
        if (state.responseBodyAccess !== on) state.memo.clear()
        state.responseBodyAccess = on
      }
    }
    case 'forcerequestbodyvariable': {
      const on = switchOf(at, value)
      return (state) => {
        if (state.forcesRequestBody !== on) state.memo.clear()
        state.forcesRequestBody = on
      }
    }
    default:
      if (accepted.includes(name)) return () => {}
      throw new SecLangError(at, name, `unknown option ctl:${name}; see docs/seclang.md`)
  }
}

function compileRemoval({ rules, target }: Removal, action: ActionNode, context: CompileContext): Effect {
  if (rules.length === 0) {
    context.warn({
      at: action.at,
      word: action.argument as string,
      reason: `ctl:${action.argument} names no rule of this rule set`,
    })
  }
  if (target === null) return (state) => state.removeRules(rules)
  if (rules.length > 0 && !rules.some((rule) => hasTarget(context.rules[rule]?.links[0], target))) {
    context.warn({
      at: action.at,
      word: target.name,
      reason: `ctl:${action.argument}: none of these rules has that target`,
    })
  }
  const exclusion = exclusionOf(target)
  return (state) => state.removeTargets(rules, exclusion)
}

/** The mode that a `ctl:ruleEngine` names; null for any other `ctl`. */
export function modeOf(action: ActionNode): Mode | null {
  const { name, value } = optionOf(action)
  const lower = value.toLowerCase()
  return name === 'ruleengine' && Object.hasOwn(modes, lower) ? (modes[lower] ?? null) : null
}

/** A rule may take strength from the caller's mode, never add to it. */
function weaken(state: State, mode: Mode): void {
  if (strength[mode] < strength[state.mode]) state.mode = mode
}

function switchOf(at: Position, value: string): boolean {
  const lower = value.toLowerCase()
  if (lower !== 'on' && lower !== 'off') throw new SecLangError(at, value, `"${value}": write On or Off`)
  return lower === 'on'
}
