/** The schema of `sallyport.yaml`, declared once: it reads, checks, fills in, and is published as JSON Schema and as a page. What
 *  is said with `describe` is what both of these say. */

import { z } from 'zod'
import type { EdgeBounds } from '../edge/bounds.ts'
import * as edge from '../edge/bounds.ts'
import type {
  AcmeConfig,
  AdminConfig,
  BodyConfig,
  CertificateConfig,
  Config,
  ExclusionConfig,
  ListenerConfig,
  LogConfig,
  MatchConfig,
  ResponseConfig,
  RouteConfig,
  RuleSetConfig,
  UpstreamConfig,
} from './config.ts'
import {
  certificateHost,
  count,
  email,
  fieldsIn,
  host,
  list,
  name,
  oneOf,
  optional,
  origin,
  type PlacedFields,
  proxySource,
  section,
  secureUrl,
  sentence,
  size,
  someOf,
  target,
  time,
  urlPath,
  wholeNumber,
} from './fields.ts'

const KiB = 1024
const MiB = KiB * KiB
const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** A body is held in memory while it is inspected: what one request may cost. */
const inspectBytesCeiling = 64 * MiB
const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory'

/** `directory`: of the file, which relative paths are relative to. */
export function configSchema(directory: string): z.ZodType<Config> {
  const placed = fieldsIn(directory)
  const { path } = placed
  return section<Config>({
    version: z.literal(1).describe('The version of this format: 1.'),
    data: path.prefault('./data').describe('Where the edge keeps what it makes itself: certificates, keys.'),
    workers: z.literal(1).prefault(1).describe('Processes that serve: 1.'),
    admin: admin(placed)
      .prefault({} as never)
      .describe('For operators and probes.'),
    log: log(placed)
      .prefault({} as never)
      .describe('Where decisions go.'),
    certificates: list(certificate(placed)).describe(
      'For TLS listeners, chosen by the name that a client asks for; the first is for clients that ask for none or another. No certificate at all: the edge makes one for development.',
    ),
    listeners: list(listener(placed)).describe('Where clients come in. At least one.'),
    upstreams: z.record(name, upstream(placed)).prefault({}).describe('The APIs behind the edge, by name.'),
    routes: list(route).describe('Which request goes where. The first that matches wins; none: 404.'),
    rules: z
      .array(ruleSet(placed))
      .prefault([{ use: 'core' } as never])
      .describe('Rule sets in the order in which they judge. An empty list: nothing is inspected.'),
    bounds: bounds.prefault({} as never).describe('Hard maxima on what clients may send and how long they may take.'),
  })
}

function admin({ listen }: PlacedFields): z.ZodType<AdminConfig> {
  return section<AdminConfig>({
    listen: optional(listen).describe('Plain HTTP, read only: `/healthz`, `/readyz`, `/metrics`. Left out: none.'),
  })
}

function log({ path }: PlacedFields): z.ZodType<LogConfig> {
  return section<LogConfig>({
    decisions: optional(path).describe('A file that decisions are added to. Left out: standard output.'),
    whenFull: oneOf('drop', 'refuse').describe(
      'Where it does not keep up, or its disk is full: `drop` loses lines and counts them, `refuse` answers 503 until it does.',
    ),
  })
}

function certificate({ path }: PlacedFields): z.ZodType<CertificateConfig> {
  const acme = section<AcmeConfig>({
    directory: secureUrl.prefault(letsEncrypt).describe('The authority’s directory.'),
    email: optional(email).describe('Where the authority writes when something is wrong.'),
    ca: optional(path).describe('PEM of who signed the directory’s own certificate, where it is not public.'),
  })
  return section<CertificateConfig>({
    hosts: someOf(certificateHost).describe('The names it is for; `*.example.test` stands for any one label.'),
    cert: optional(path).describe('PEM: the certificate, then the chain.'),
    key: optional(path).describe('PEM: its private key, not encrypted.'),
    acme: optional(acme).describe('In place of `cert` and `key`: obtained and renewed by ACME (RFC 8555).'),
  })
}

function listener({ listen }: PlacedFields): z.ZodType<ListenerConfig> {
  return section<ListenerConfig>({
    name: name.describe('Stands in decisions and in the `ready` line.'),
    kind: oneOf('public').describe('`public`: the internet.'),
    listen: listen.describe('`HOST:PORT`, `"[::1]:PORT"` or `unix:PATH`. Port 0: any free one.'),
    tls: z.boolean().prefault(true).describe('`false`: plain HTTP.'),
    trustedProxies: list(proxySource).describe(
      'Peers whose `X-Forwarded-For` is believed; `unix`: those of a Unix socket.',
    ),
    serves: oneOf('api', 'acme').describe('`acme`: answers the challenges of ACME’s HTTP-01 alone, all else 403.'),
  })
}

function upstream({ path }: PlacedFields): z.ZodType<UpstreamConfig> {
  return section<UpstreamConfig>({
    url: origin.describe('`http://HOST:PORT` or `https://HOST:PORT`; requests keep their own path.'),
    connect: time({
      says: 'How long connecting may take; then 504.',
      preset: edge.connectTimeMaxMs,
      min: 1,
      max: minute,
    }),
    answer: time({
      says: 'How long the head of an answer may take; then 504.',
      preset: edge.answerTimeMaxMs,
      min: 1,
      max: hour,
    }),
    ca: optional(path).describe('`https`: PEM of who signed its certificate, in place of the public roots.'),
    serverName: optional(host).describe('`https`: the name its certificate must have. Left out: the host of `url`.'),
    cert: optional(path).describe('`https`: PEM of the certificate that the edge shows.'),
    key: optional(path).describe('`https`: PEM of its private key.'),
  })
}

const match: z.ZodType<MatchConfig> = section<MatchConfig>({
  hosts: optional(someOf(host)).describe('Names without port. Left out: any.'),
  path: urlPath.prefault('/').describe('A prefix of the path as it is forwarded.'),
})

const body: z.ZodType<BodyConfig> = section<BodyConfig>({
  inspectMax: size({ says: 'Bytes of a body that are inspected.', preset: MiB, min: 0, max: inspectBytesCeiling }),
  over: oneOf('reject', 'pass').describe(
    'A longer body: `reject` is 413; `pass` judges its beginning and lets the rest through unread (an encoded one is 413 all the same).',
  ),
  encoded: oneOf('reject', 'decode').describe('A body with `Content-Encoding`: `reject` is 415.'),
})

const response: z.ZodType<ResponseConfig> = section<ResponseConfig>({
  inspect: z
    .boolean()
    .prefault(false)
    .describe('Whether rules judge answers too, before any byte of one is passed on.'),
  inspectMax: size({
    says: 'Bytes of an answer’s body that are inspected; the rest of a longer one passes unread.',
    preset: edge.answerInspectBytesMax,
    min: KiB,
    max: inspectBytesCeiling,
  }),
})

const route: z.ZodType<RouteConfig> = section<RouteConfig>({
  match: match.prefault({} as never).describe('Which requests.'),
  upstream: name.describe('A name in `upstreams`.'),
  body: body.prefault({} as never).describe('How request bodies are inspected.'),
  response: response.prefault({} as never).describe('How answers are inspected.'),
})

const exclusion: z.ZodType<ExclusionConfig> = section<ExclusionConfig>({
  rules: someOf(wholeNumber(1, Number.MAX_SAFE_INTEGER)).describe('Ids of rules.'),
  target: optional(target).describe('What they no longer look at, such as `ARGS:memo`. Left out: they do not run.'),
  path: optional(urlPath).describe('Only under this prefix of the path. Left out: everywhere.'),
  why: sentence.describe('For whoever finds it in a year.'),
})

function ruleSet({ path, rules }: PlacedFields): z.ZodType<RuleSetConfig> {
  return section<RuleSetConfig>({
    use: rules.describe('`core`: built in. `crs`: the OWASP Core Rule Set in `dir`. Else a file of SecLang.'),
    dir: optional(path).describe('`crs`: an unpacked release.'),
    profile: oneOf('api', 'stock').describe(
      '`crs`: `api` admits what APIs use, by its own settings; `stock` as published.',
    ),
    paranoia: optional(wholeNumber(1, 4)).describe('`crs`: paranoia level, 1 to 4. Left out: as its set-up says.'),
    mode: oneOf('block', 'detect', 'off').describe('`detect`: judges and logs, refuses nothing.'),
    before: list(path).describe('Files of SecLang in front of the rules.'),
    after: list(path).describe('Files of SecLang behind the rules.'),
    exclude: list(exclusion).describe('Scoped exceptions.'),
  })
}

const bounds: z.ZodType<EdgeBounds> = section<EdgeBounds>({
  headerBytesMax: size({
    says: 'Request line and fields; more is 431.',
    preset: edge.headerBytesMax,
    min: KiB,
    max: MiB,
  }),
  headerFieldsMax: count({
    says: 'Fields of a request; more is 431.',
    preset: edge.headerFieldsMax,
    min: 1,
    max: 10_000,
  }),
  headerTimeMax: time({
    says: 'Until the end of the fields; more is 408.',
    preset: edge.headerTimeMaxMs,
    min: second,
    max: 10 * minute,
  }),
  handshakeTimeMax: time({
    says: 'Until the end of the TLS handshake.',
    preset: edge.handshakeTimeMaxMs,
    min: second,
    max: 10 * minute,
  }),
  requestTimeMax: time({
    says: 'Until the end of the body; more is 408.',
    preset: edge.requestTimeMaxMs,
    min: second,
    max: 24 * hour,
  }),
  idleTimeMax: time({
    says: 'Between two requests of a connection.',
    preset: edge.idleTimeMaxMs,
    min: second,
    max: hour,
  }),
  answerSilenceMax: time({
    says: 'Without a byte of an answer that has begun.',
    preset: edge.answerSilenceMaxMs,
    min: second,
    max: 24 * hour,
  }),
  drainNotice: time({
    says: 'From SIGTERM on, with `/readyz` at 503, for balancers to turn away, while clients are still served; nothing without `admin.listen`.',
    preset: edge.drainNoticeMs,
    min: 0,
    max: 10 * minute,
  }),
  drainTimeMax: time({
    says: 'For requests in flight when the edge is stopped.',
    preset: edge.drainTimeMaxMs,
    min: second,
    max: hour,
  }),
  connectionsPerAddressMax: count({
    says: 'Connections of one client address; more are closed at accept.',
    preset: edge.connectionsPerAddressMax,
    min: 1,
    max: 1_000_000,
  }),
  upstreamConnectionsMax: count({
    says: 'Connections to one upstream.',
    preset: edge.upstreamConnectionsMax,
    min: 1,
    max: 10_000,
  }),
})
