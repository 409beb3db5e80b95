/** The table of actions: which the engine carries out, which it accepts without effect, which it refuses. */

export type ActionGroup =
  /** What a rule is called and says. */
  | 'metadata'
  | 'disruptive'
  | 'flow'
  | 'transformation'
  | 'matching'
  /** Changes the transaction when a link matches. */
  | 'effect'
  /** Means nothing here; one warning for each name where `why` is given. */
  | 'accepted'

interface ActionRow {
  readonly group: ActionGroup
  readonly argument: 'required' | 'none' | 'optional'
  readonly why?: string
}

const required = 'required' as const
const none = 'none' as const

const noAuditLog = 'there is no ModSecurity audit log here: the decision log names every match'

export const actionTable: ReadonlyMap<string, ActionRow> = new Map<string, ActionRow>([
  ['id', { group: 'metadata', argument: required }],
  ['phase', { group: 'metadata', argument: required }],
  ['msg', { group: 'metadata', argument: required }],
  ['logdata', { group: 'metadata', argument: required }],
  ['severity', { group: 'metadata', argument: required }],
  ['tag', { group: 'metadata', argument: required }],
  ['status', { group: 'metadata', argument: required }],
  ['log', { group: 'metadata', argument: none }],
  ['nolog', { group: 'metadata', argument: none }],
  ['allow', { group: 'disruptive', argument: 'optional' }],
  ['block', { group: 'disruptive', argument: none }],
  ['deny', { group: 'disruptive', argument: none }],
  ['drop', { group: 'disruptive', argument: none }],
  ['pass', { group: 'disruptive', argument: none }],
  ['redirect', { group: 'disruptive', argument: required }],
  ['chain', { group: 'flow', argument: none }],
  ['skip', { group: 'flow', argument: required }],
  ['skipafter', { group: 'flow', argument: required }],
  ['t', { group: 'transformation', argument: required }],
  ['capture', { group: 'matching', argument: none }],
  ['multimatch', { group: 'matching', argument: none }],
  ['setvar', { group: 'effect', argument: required }],
  ['expirevar', { group: 'effect', argument: required }],
  ['initcol', { group: 'effect', argument: required }],
  ['ctl', { group: 'effect', argument: required }],
  ['setuid', { group: 'effect', argument: required }],
  ['setsid', { group: 'effect', argument: required }],
  ['setrsc', { group: 'effect', argument: required }],
  ['ver', { group: 'accepted', argument: required }],
  ['rev', { group: 'accepted', argument: required }],
  ['maturity', { group: 'accepted', argument: required }],
  ['accuracy', { group: 'accepted', argument: required }],
  ['auditlog', { group: 'accepted', argument: none }],
  ['noauditlog', { group: 'accepted', argument: none }],
  ['deprecatevar', { group: 'accepted', argument: required, why: 'variables do not wear off here; use expirevar' }],
  ['sanitisearg', { group: 'accepted', argument: required, why: noAuditLog }],
  ['sanitisematched', { group: 'accepted', argument: 'optional', why: noAuditLog }],
  ['sanitisematchedbytes', { group: 'accepted', argument: 'optional', why: noAuditLog }],
  ['sanitiserequestheader', { group: 'accepted', argument: required, why: noAuditLog }],
  ['sanitiseresponseheader', { group: 'accepted', argument: required, why: noAuditLog }],
  ['setenv', { group: 'accepted', argument: required, why: 'a rule cannot change the environment of the process' }],
  ['xmlns', { group: 'accepted', argument: required, why: 'the supported XML paths have no prefixes' }],
])

/** Actions that must not be passed over, because a rule that uses one counts on it. */
export const refusedActions: Readonly<Record<string, string>> = {
  exec: 'a rule may not start a program; act on the decision log instead',
  proxy: 'a rule may not choose the upstream; use routes',
  append: 'a rule may not change a response',
  prepend: 'a rule may not change a response',
  pause: 'a pause ties up the server that it protects; use deny, or a rate limit',
}
