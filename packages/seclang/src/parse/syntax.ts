/** The syntax tree of SecLang: what a rule file says, before any meaning is given to it. */

export interface Position {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in characters of that line. */
  readonly column: number
}

/** A fault of a file that the user wrote: where, which word, and what to do. `message` reads `file:line:col: reason`. */
export class SecLangError extends Error {
  override readonly name = 'SecLangError'
  readonly at: Position
  /** The word at fault, as written. */
  readonly word: string
  /** Why, and what to write instead. */
  readonly reason: string
  constructor(at: Position, word: string, reason: string, options?: ErrorOptions) {
    super(`${at.file}:${at.line}:${at.column}: ${reason}`, options)
    this.at = at
    this.word = word
    this.reason = reason
  }
}

/** `NAME`, `NAME:key`, `NAME:/expression/`, `XML:/path`. `null`: the whole collection. */
export type Selector =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'pattern'; readonly source: string }
  | { readonly kind: 'xpath'; readonly path: string }

export interface TargetNode {
  readonly at: Position
  /** `include`: NAME; `exclude`: !NAME; `count`: &NAME. */
  readonly kind: 'include' | 'exclude' | 'count'
  /** Upper case. */
  readonly name: string
  readonly selector: Selector | null
}

export interface OperatorNode {
  readonly at: Position
  readonly negated: boolean
  /** As written, without `@`; `rx` where the rule names none. */
  readonly name: string
  readonly argument: string
}

export interface ActionNode {
  readonly at: Position
  /** Lower case, except that the name of a `t:` keeps its own in `argument`. */
  readonly name: string
  /** Without the quotes around it; null where there is no colon. */
  readonly argument: string | null
}

export type Directive =
  | {
      readonly kind: 'rule'
      readonly at: Position
      readonly targets: readonly TargetNode[]
      readonly operator: OperatorNode
      readonly actions: readonly ActionNode[]
    }
  | { readonly kind: 'action'; readonly at: Position; readonly actions: readonly ActionNode[] }
  | { readonly kind: 'marker'; readonly at: Position; readonly label: string }
  | { readonly kind: 'defaultAction'; readonly at: Position; readonly actions: readonly ActionNode[] }
  | { readonly kind: 'removeById'; readonly at: Position; readonly ids: readonly IdRange[] }
  | { readonly kind: 'removeByTag' | 'removeByMsg'; readonly at: Position; readonly pattern: string }
  | {
      readonly kind: 'updateTargetById'
      readonly at: Position
      readonly ids: readonly IdRange[]
      /** Counts the rules of a chain from 0 (`SecRuleUpdateTargetById 12345:1`); above 0 only with a single id. */
      readonly link: number
      readonly targets: readonly TargetNode[]
      /** Third argument: the targets that `targets` stand in for; empty: `targets` are added. */
      readonly replaces: readonly TargetNode[]
    }
  | {
      readonly kind: 'updateTargetByTag' | 'updateTargetByMsg'
      readonly at: Position
      readonly pattern: string
      readonly targets: readonly TargetNode[]
      /** As in `updateTargetById`. */
      readonly replaces: readonly TargetNode[]
    }
  /** `link` counts the rules of a chain from 0 (`SecRuleUpdateActionById "12345:1"`). */
  | {
      readonly kind: 'updateActionById'
      readonly at: Position
      readonly id: number
      readonly link: number
      readonly actions: readonly ActionNode[]
    }
  /** Every other directive that the table of directives supports or accepts; `name`, and a word out of a fixed few, in the table's spelling; several words with one blank between. */
  | { readonly kind: 'setting'; readonly at: Position; readonly name: string; readonly argument: string }

/** Both ends included. */
export interface IdRange {
  readonly from: number
  readonly to: number
}

/** A text with `%{collection.key}` in it, parsed once. A plain text has one string part, or none. */
export type Template = readonly (string | { readonly collection: string; readonly key: string | null })[]
