/** What a configuration file says, after defaults: times in milliseconds, sizes in bytes, paths absolute, host names in lower
 *  case. `schema.ts` says how each is written; the compiler holds the two together, key by key. */
import type { EdgeBounds } from '../edge/bounds.ts'
import type { Address } from './address.ts'
import type { ProxySource } from './cidr.ts'

export interface Config {
  readonly version: 1
  readonly data: string
  readonly workers: 1
  readonly admin: AdminConfig
  readonly log: LogConfig
  readonly certificates: readonly CertificateConfig[]
  readonly listeners: readonly ListenerConfig[]
  readonly upstreams: Readonly<Record<string, UpstreamConfig>>
  /** The first that matches wins. */
  readonly routes: readonly RouteConfig[]
  /** In the order in which they judge. */
  readonly rules: readonly RuleSetConfig[]
  readonly bounds: EdgeBounds
}

export interface AdminConfig {
  /** Plain HTTP, read only. Null: none. */
  readonly listen: Address | null
}

export interface LogConfig {
  /** Null: standard output. */
  readonly decisions: string | null
  /** What is lost where it does not keep up: lines, or requests (503). */
  readonly whenFull: 'drop' | 'refuse'
}

/** Either `cert` and `key`, or `acme`: never both, never half (checked). */
export interface CertificateConfig {
  /** `api.example.test`, or `*.example.test` for any one label in front. */
  readonly hosts: readonly string[]
  readonly cert: string | null
  readonly key: string | null
  readonly acme: AcmeConfig | null
}

export interface AcmeConfig {
  readonly directory: string
  readonly email: string | null
  /** PEM of whoever signed the directory's own certificate. Null: the roots that Node brings. */
  readonly ca: string | null
}

export interface ListenerConfig {
  readonly name: string
  readonly kind: 'public'
  readonly listen: Address
  readonly tls: boolean
  /** Whose `X-Forwarded-*` are believed. */
  readonly trustedProxies: readonly ProxySource[]
  /** `acme`: answers HTTP-01 challenges and nothing else. */
  readonly serves: 'api' | 'acme'
}

export interface UpstreamConfig {
  /** Scheme, host and port, no path. */
  readonly url: string
  readonly connect: number
  /** Until the answer's head. */
  readonly answer: number
  /** The rest is null where `url` is `http:`. `ca` null: the roots that Node brings; `serverName` null: the host of `url`. */
  readonly ca: string | null
  readonly serverName: string | null
  /** Client certificate: both or neither. */
  readonly cert: string | null
  readonly key: string | null
}

export interface RouteConfig {
  readonly match: MatchConfig
  /** A key of `upstreams` (checked). */
  readonly upstream: string
  readonly body: BodyConfig
  readonly response: ResponseConfig
}

export interface MatchConfig {
  /** Null: any. Without port; IPv6 in brackets. */
  readonly hosts: readonly string[] | null
  /** A prefix of the path as it is forwarded. */
  readonly path: string
}

export interface BodyConfig {
  readonly inspectMax: number
  /** What happens to a longer body. `reject`: 413. */
  readonly over: 'reject' | 'pass'
  /** What happens to a body with `Content-Encoding`. `reject`: 415. */
  readonly encoded: 'decode' | 'reject'
}

export interface ResponseConfig {
  readonly inspect: boolean
  readonly inspectMax: number
}

export interface RuleSetConfig {
  /** `core`, `crs`, or the path of a file of SecLang. */
  readonly use: string
  /** The next three for `crs` alone; elsewhere they mean nothing and cannot be written (checked). `dir` is there for `crs`. */
  readonly dir: string | null
  readonly profile: 'api' | 'stock'
  /** 1 to 4. Null: as the set's own set-up says. */
  readonly paranoia: number | null
  readonly mode: 'off' | 'detect' | 'block'
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly exclude: readonly ExclusionConfig[]
}

export interface ExclusionConfig {
  readonly rules: readonly number[]
  /** Null: the rule is off altogether, not for one target. */
  readonly target: string | null
  /** A prefix of the path. Null: everywhere. */
  readonly path: string | null
  readonly why: string
}
