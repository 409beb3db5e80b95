/** Every hard maximum on hostile input in the engine, in one place: unit in the name, the attack it stops in the comment. */

// --- One exchange (exchange.ts) ---

/** Bytes of a request body that are inspected; a longer one is refused (413), never passed unread (facts: padding attacks). */
export const requestBodyBytesMax = 1_048_576
/** Bytes of a response body that are inspected; the rest of a longer one is left unread, and said so. */
export const responseBodyBytesMax = 1_048_576
/** Arguments, parts or leaves of one request; more are refused (413): each costs every rule that reads ARGS (CWE-770). */
export const valuesMax = 10_000
/** Levels of nesting in JSON and XML (CWE-674). */
export const bodyDepthMax = 128
/** Parts of a multipart body. */
export const bodyPartsMax = 1_000

// --- One transaction (transaction.ts) ---

/** Matches that a transaction describes in full; further ones still count and score. */
export const matchesMax = 256
/** Characters of a matched value that a match carries. */
export const matchValueCharactersMax = 256
/** Characters of a message, of its data and of a redirect's address: texts for logs, which repeat what the client sent. */
export const matchTextCharactersMax = 4_096
/** Characters that one expanded template (`%{…}`) may have; a rule that appends a variable to itself ends here (CWE-400). */
export const templateCharactersMax = 2_097_152
/** Characters of a name made at run time; longer ones are cut, so that a name costs no more than any other (CWE-400). */
export const variableNameCharactersMax = 4_096
/** Names that one transaction may create in TX beyond those the rules spell out. */
export const txNamesMax = 40_000

// --- Persistent collections (persistent.ts) ---

/** Records (`initcol` keys) of one worker; the oldest goes first. */
export const persistentRecordsMax = 10_000
/** Characters of a record's key; longer ones are cut. */
export const persistentKeyCharactersMax = 1_024
/** Characters of all names and values that one worker keeps; the oldest record goes first. */
export const persistentCharactersMax = 33_554_432
/** Characters of one value that is kept; longer ones are cut. */
export const persistentValueCharactersMax = 65_536
/** Variables of one record. */
export const persistentVariablesMax = 100
/** Seconds that an untouched record lives where `SecCollectionTimeout` says nothing (ModSecurity's default). */
export const persistentSecondsDefault = 3_600

// --- Rule files (compile/) ---

/** Rules that one rule set may hold, links of chains counted. */
export const rulesMax = 100_000
/** Links of one chain. */
export const chainLinksMax = 100

// --- Operators (operators/) ---

/** Cells (four bytes each) of one phrase automaton: states times byte classes. 64 MiB; all literals of CRS need 5. Over it: an error when compiling. */
export const phraseCellsMax = 16_777_216
/** Bytes of a match, refused by a check digit, inside which `@verifyCC` and its kin look for another start. Longer ones are skipped whole, or digits without end would cost the square of their number (CWE-407). */
export const verifyOverlapBytesMax = 64

// --- Transformations (transformations/) ---

/** Bytes of the buffer that transformations share. No refusal: a longer value (a whole body) gets a buffer of its own, so that one
 *  large request does not keep its size in memory for ever. */
export const transformationScratchBytes: number = 64 * 1024

// --- SQL injection (detect/sqli/) ---

/** Bytes of one SQL token that are kept and compared; longer names and strings are cut (libinjection keeps as many). */
export const sqlTokenBytesMax = 31
/** Tokens of a folded fingerprint: reading stops there, however long the value (CWE-400). */
export const sqlFingerprintTokensMax = 5

// --- Parsing SecLang (parse/): a rule file is trusted less than code, so its size may not decide how long a reload takes. ---

/** A file that is no rule file, or was made to exhaust memory (CWE-770): bytes of one file. CRS 4's longest has 200 KB. */
export const ruleFileBytesMax: number = 8 * 1024 * 1024
/** Files of one parse, includes counted each time: two includes a file, nested, would double at each level. */
export const ruleFilesMax = 1000
/** Include in Include: levels below the first file. */
export const includeDepthMax = 16
/** Directives of one parse; CRS 4 has about 800. */
export const ruleDirectivesMax = 50_000
/** Characters of one directive from its name to its end, continued lines counted. CRS 4's longest has 9,000. */
export const directiveCharactersMax: number = 256 * 1024
/** Ids above cannot be told apart as numbers (IEEE 754). */
export const ruleIdMax: number = Number.MAX_SAFE_INTEGER
/** Characters of a word that an error message repeats: the message goes to terminals and logs. */
export const errorWordCharactersMax = 60

// --- Request bodies (bodies/) ---

/** Bytes of all flattened JSON names together: one long key over many short elements multiplies (CWE-409). Over it: an error of the body. */
export const jsonNamesBytesMax = 2_097_152
/** Bytes of the Content-Type that a multipart body is read by; ModSecurity's own maximum. */
export const multipartContentTypeBytesMax = 1_024
/** Bytes of a multipart boundary (RFC 2046 §5.1.1). */
export const multipartBoundaryBytesMax = 70
/** Bytes of the header lines of one part: honest ones need a few hundred. */
export const multipartPartHeadersBytesMax = 8_192

// --- Regular expressions (rx/): patterns come from rule files; how they run is decided by what clients send ---

/** Bytes of one pattern. CRS 4's longest has 12,000. */
export const patternBytesMax: number = 64 * 1024
/** Groups within groups of one pattern: the parser and every walk over the tree recurse (CWE-674). */
export const patternDepthMax = 100
/** Nodes of one tree; quantifiers do not multiply it. */
export const patternNodesMax = 100_000
/** Capturing groups of one pattern; only nine can be read anyway. */
export const patternGroupsMax = 1_000
/** Largest number in {n,m}, as in PCRE. */
export const patternRepeatMax = 65_535
/** Characters of generated JavaScript source: writing out counted repetitions for the linear engine multiplies it (CWE-400). */
export const generatedSourceCharactersMax: number = 128 * 1024
/** Copies of one node that V8's linear engine makes for nested counted repetitions at most; it refuses more (kMaxReplicationFactor). */
export const linearEngineCopiesMax = 16
/** Steps of the backtracking engine before V8 hands the value to the linear one. 50,000 is V8's default; at 1,000 the worst rule of CRS takes 8 ms instead of 69 for 2 KB. */
export const backtracksBeforeFallback = 1_000
/** Ways through a pattern without loops up to which backtracking needs no fallback: it costs at most so many attempts a byte. */
export const pathsWithoutFallbackMax = 1_000
/** Nodes tried on no bytes at all up to which a pattern is run once when compiled. */
export const triesWhenWarmingUpMax = 1_000_000
/** Matches that one `@rxGlobal` reports; the rest of the value is not searched. */
export const globalMatchesMax = 1_000
/** Literals of one expression that the prefilter is given. */
export const requiredLiteralsMax = 256
/** Literals that joining two neighbours may give; above, they are kept apart, which is weaker but still sound. */
export const joinedLiteralsMax = 64
/** Bytes of a set that is spelt out into literals. */
export const spelledBytesMax = 8
/** Bytes of one such literal; longer ones are cut, which keeps them required. */
export const requiredLiteralBytesMax = 16

// --- Cross-site scripting (detect/xss/) ---

/** Bytes of a tag's or attribute's name that are compared; no name that matters is longer. */
export const htmlNameBytesMax = 32
/** Bytes of a URL's scheme that are read; no scheme that runs code is longer. */
export const scriptSchemeBytesMax = 12
