/**
 * The one table of directives. Supported: the engine does what it says. Accepted: it has no effect here, and whoever wrote it
 * is told so once. Refused, as everything that is not in the table: an error, since a security setting must not vanish.
 *
 * The lists cover coraza.conf-recommended, modsecurity.conf-recommended and what CRS uses.
 */

/** What stands behind the name. A list of words is the closed choice of one; `number` a whole number; `text` one word or more. */
export type ArgumentForm =
  | 'rule'
  | 'action'
  | 'marker'
  | 'defaultAction'
  | 'removeById'
  | 'removeByTag'
  | 'removeByMsg'
  | 'updateTargetById'
  | 'updateTargetByTag'
  | 'updateTargetByMsg'
  | 'updateActionById'
  | 'include'
  | 'nothing'
  | 'number'
  | 'character'
  | 'text'
  | readonly string[]

export interface DirectiveRow {
  readonly name: string
  readonly list: 'supported' | 'accepted' | 'refused'
  readonly argument: ArgumentForm
  /** Supported: how to write it. Accepted: why it has no effect. Refused: what to do. All are parts of messages. */
  readonly reason: string
}

type Rows = readonly (readonly [name: string, argument: ArgumentForm, reason: string])[]

const supported: Rows = [
  ['Include', 'include', 'write Include FILE'],
  ['SecRule', 'rule', 'write SecRule TARGETS "OPERATOR" "ACTIONS"'],
  ['SecAction', 'action', 'write SecAction "ACTIONS"'],
  ['SecMarker', 'marker', 'write SecMarker "LABEL"'],
  ['SecDefaultAction', 'defaultAction', 'write SecDefaultAction "phase:N,ACTIONS"'],
  ['SecRuleRemoveById', 'removeById', 'write SecRuleRemoveById ID or FROM-TO'],
  ['SecRuleRemoveByTag', 'removeByTag', 'write SecRuleRemoveByTag "EXPRESSION"'],
  ['SecRuleRemoveByMsg', 'removeByMsg', 'write SecRuleRemoveByMsg "EXPRESSION"'],
  ['SecRuleUpdateTargetById', 'updateTargetById', 'write SecRuleUpdateTargetById ID "TARGETS"'],
  ['SecRuleUpdateTargetByTag', 'updateTargetByTag', 'write SecRuleUpdateTargetByTag "EXPRESSION" "TARGETS"'],
  ['SecRuleUpdateTargetByMsg', 'updateTargetByMsg', 'write SecRuleUpdateTargetByMsg "EXPRESSION" "TARGETS"'],
  ['SecRuleUpdateActionById', 'updateActionById', 'write SecRuleUpdateActionById ID "ACTIONS"'],
  ['SecRuleEngine', ['On', 'Off', 'DetectionOnly'], 'write On, Off or DetectionOnly'],
  ['SecRequestBodyAccess', ['On', 'Off'], 'write On or Off'],
  ['SecRequestBodyLimit', 'number', 'write a number of bytes'],
  ['SecRequestBodyNoFilesLimit', 'number', 'write a number of bytes'],
  ['SecRequestBodyLimitAction', ['Reject', 'ProcessPartial'], 'write Reject or ProcessPartial'],
  ['SecRequestBodyJsonDepthLimit', 'number', 'write a number of levels'],
  ['SecArgumentsLimit', 'number', 'write a number of arguments'],
  ['SecArgumentSeparator', 'character', 'write one character'],
  ['SecCookieFormat', ['0', '1'], 'write 0 (Netscape cookies) or 1'],
  ['SecResponseBodyAccess', ['On', 'Off'], 'write On or Off'],
  ['SecResponseBodyLimit', 'number', 'write a number of bytes'],
  ['SecResponseBodyLimitAction', ['Reject', 'ProcessPartial'], 'write Reject or ProcessPartial'],
  ['SecResponseBodyMimeType', 'text', 'write media types with blanks between'],
  ['SecResponseBodyMimeTypesClear', 'nothing', 'write it alone'],
  ['SecComponentSignature', 'text', 'write SecComponentSignature "NAME/VERSION"'],
  ['SecCollectionTimeout', 'number', 'write a number of seconds'],
  ['SecUnicodeMapFile', 'text', 'write SecUnicodeMapFile FILE CODEPAGE'],
  // CWE-611: what an entity names is read by the server, not by whoever sent the document.
  ['SecXmlExternalEntity', ['Off'], 'write Off: entities outside the document are never loaded'],
  // On would read each text twice, and CRS reads XML:/* and XML://@* in every rule that reads ARGS.
  ['SecParseXmlIntoArgs', ['Off'], 'write Off, and name XML:/* beside ARGS in rules that read bodies'],
]

const auditLog = 'what is logged, and where, is up to the program around the engine'
const debugLog = 'the engine writes no log of its own'
const inMemory = 'bodies stay in memory, and no file is written'
const pcre = 'expressions are bounded by a linear engine instead of a count of steps'

const accepted: Rows = [
  ['SecAuditEngine', 'text', auditLog],
  ['SecAuditLog', 'text', auditLog],
  ['SecAuditLog2', 'text', auditLog],
  ['SecAuditLogDir', 'text', auditLog],
  ['SecAuditLogDirMode', 'text', auditLog],
  ['SecAuditLogFileMode', 'text', auditLog],
  ['SecAuditLogFormat', 'text', auditLog],
  ['SecAuditLogParts', 'text', auditLog],
  ['SecAuditLogPrefix', 'text', auditLog],
  ['SecAuditLogRelevantStatus', 'text', auditLog],
  ['SecAuditLogStorageDir', 'text', auditLog],
  ['SecAuditLogType', 'text', auditLog],
  ['SecDebugLog', 'text', debugLog],
  ['SecDebugLogLevel', 'text', debugLog],
  ['SecDataDir', 'text', inMemory],
  ['SecTmpDir', 'text', inMemory],
  ['SecTmpSaveUploadedFiles', 'text', inMemory],
  ['SecRequestBodyInMemoryLimit', 'text', inMemory],
  ['SecUploadDir', 'text', inMemory],
  ['SecUploadFileLimit', 'text', 'the parts of a multipart body have a fixed bound'],
  ['SecUploadFileMode', 'text', inMemory],
  ['SecUploadKeepFiles', 'text', inMemory],
  ['SecPcreMatchLimit', 'text', pcre],
  ['SecPcreMatchLimitRecursion', 'text', pcre],
  ['SecRxPreFilter', 'text', 'the prefilter is always on'],
  ['SecSensorId', 'text', auditLog],
  ['SecServerSignature', 'text', 'the engine changes no header of a response'],
  ['SecStatusEngine', 'text', 'the engine reports to nobody'],
  ['SecWebAppId', 'text', 'a rule set serves one application'],
]

const refused: Rows = [
  ['SecRuleScript', 'text', 'runs Lua, which this engine does not: write the rule in SecLang'],
  ['SecRemoteRules', 'text', 'loads rules over the network: fetch them before, check them, and use Include'],
  ['SecRemoteRulesFailAction', 'text', 'belongs to SecRemoteRules: fetch rules before, and use Include'],
  ['SecRuleInheritance', 'text', 'belongs to Apache sections: use Include to share rules'],
  ['SecRulePerfTime', 'text', 'is not in this engine: remove it'],
  [
    'SecGeoLookupDb',
    'text',
    'is not read here: give the program around the engine its table of countries, and remove it',
  ],
  ['SecGsbLookupDb', 'text', 'asks a service that no longer exists: remove it'],
  ['SecHttpBlKey', 'text', 'asks another server during a request: use a block list, and remove it'],
  ['SecGuardianLog', 'text', 'starts another program: remove it'],
  ['SecChrootDir', 'text', 'is a task of the service manager: remove it'],
  ['SecContentInjection', 'text', 'changes responses, which this engine does not: remove it'],
  ['SecStreamInBodyInspection', 'text', 'is not needed, since the whole body is inspected up to its bound: remove it'],
  ['SecStreamOutBodyInspection', 'text', 'changes responses, which this engine does not: remove it'],
  [
    'SecDisableBackendCompression',
    'text',
    'changes requests, which this engine does not: set it at the proxy, and remove it',
  ],
  ['SecHashEngine', 'text', 'changes responses, which this engine does not: remove it'],
  ['SecConnEngine', 'text', 'counts connections: set limits at the edge, and remove it'],
  ['SecConnReadStateLimit', 'text', 'counts connections: set limits at the edge, and remove it'],
  ['SecConnWriteStateLimit', 'text', 'counts connections: set limits at the edge, and remove it'],
  ['SecUnicodeCodePage', 'text', 'is out of date: write SecUnicodeMapFile FILE CODEPAGE'],
  ['SecCacheTransformations', 'text', 'is not needed, since each is computed once a value: remove it'],
  ['SecInterceptOnError', 'text', 'is not in this engine, whose rules cannot fail: remove it'],
  [
    'IncludeOptional',
    'text',
    'belongs to Apache: write Include with a pattern such as *.conf, which may match nothing',
  ],
]

/** Every directive that has a row, in the table's order. */
export const directives: readonly DirectiveRow[] = [
  ...rows('supported', supported),
  ...rows('accepted', accepted),
  ...rows('refused', refused),
]

const byName: ReadonlyMap<string, DirectiveRow> = new Map(directives.map((row) => [row.name.toLowerCase(), row]))

/** The row of a name in any case, or undefined: then the name is an error (see `nearest`). */
export function findDirective(name: string): DirectiveRow | undefined {
  return byName.get(name.toLowerCase())
}

function rows(list: DirectiveRow['list'], from: Rows): DirectiveRow[] {
  return from.map(([name, argument, reason]) => ({ name, list, argument, reason }))
}
