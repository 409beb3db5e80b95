/** The shape of one transformation (`t:name`). One file, one transformation, one row in `transformations/index.ts`. */
export interface Transformation<Name extends string = string> {
  /** As CRS and ModSecurity spell it; looked up without regard to case. */
  readonly name: Name
  /** Other spellings in use, such as `normalizePath` for `normalisePath`. */
  readonly aliases?: readonly string[]
  /** Latin1 in, latin1 out: one character is one byte. Returns the very same string where nothing changes.
   *  Never throws, whatever the bytes; linear time. */
  readonly apply: (value: string) => string
}
