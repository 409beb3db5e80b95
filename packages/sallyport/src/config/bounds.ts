/** Every hard maximum on a configuration file. Whoever writes it may start the edge anyway; what these stop is the accident:
 *  a wrong file, a generator gone wild, a YAML bomb in a template that somebody else wrote. */

/** Bytes of the file; thousands of routes fit. The YAML parser needs the square of it in the worst case: a second at this size. */
export const configBytesMax: number = 256 * 1024
/** Lists and mappings inside each other (CWE-674): the deepest key that means something stands at six. */
export const configDepthMax = 32
/** Values that aliases (`*name`) add when written out, all together: a few anchors on ten levels make a billion (CWE-776). */
export const aliasedValuesMax = 10_000
/** Faults that one answer lists; the rest is counted. */
export const faultsShownMax = 50
/** Characters of a word that a message repeats: it goes to terminals and logs. */
export const shownCharactersMax = 60
/** Characters of a key for which a similar one is looked for: the search takes the square of it. */
export const similarCharactersMax = 40
