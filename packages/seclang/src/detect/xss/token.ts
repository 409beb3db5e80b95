/** Where in a page the value may have been put: text, or an attribute's value without quotes or with one of three. */
export type Context = 'data' | 'unquoted' | 'single' | 'double' | 'back'

/** What a token is, named as in libinjection's published tests. */
export type TokenType =
  | 'DATA_TEXT'
  | 'TAG_NAME_OPEN'
  | 'TAG_NAME_CLOSE'
  | 'TAG_NAME_SELFCLOSE'
  | 'TAG_CLOSE'
  | 'TAG_COMMENT'
  | 'DOCTYPE'
  | 'ATTR_NAME'
  | 'ATTR_VALUE'

/** What is being read; see the states of the HTML standard, §13.2.5. */
export type State =
  | 'data'
  | 'tagOpen'
  | 'endTagOpen'
  | 'tagName'
  | 'tagEnd'
  | 'selfClosing'
  | 'beforeName'
  | 'name'
  | 'afterName'
  | 'beforeValue'
  | 'unquoted'
  | 'single'
  | 'double'
  | 'back'
  | 'afterQuoted'
  | 'markup'
  | 'bogusComment'
  | 'percentComment'
  | 'comment'
  | 'cdata'
  | 'doctype'
  | 'end'

/** A tokenizer at work, and its last token: `type`, and the bytes `start` to `end` of `text`. */
export interface Tokenizer {
  readonly text: string
  type: TokenType
  start: number
  end: number
  /** The next byte to read. It never goes back, which is why the work is linear in the length of the text. */
  at: number
  state: State
  /** Inside `</…`. */
  closing: boolean
}
