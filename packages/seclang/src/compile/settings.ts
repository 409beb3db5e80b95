/** Directives that set the engine: what of them holds here, and where the caller's word beats theirs. */

import * as bounds from '../bounds.ts'
import { responseTypesDefault } from '../engine-settings.ts'
import type { Mode } from '../state.ts'
import type { Setting } from './assemble.ts'
import type { Warn } from './definition.ts'

export interface Settings {
  readonly responseTypes: ReadonlySet<string>
  readonly collectionSeconds: number
}

/** What each of these must be to agree with the engine as it is; any other value is warned about, and has no effect. */
const fixed: Readonly<Record<string, { readonly value: string; readonly why: string }>> = {
  secrequestbodylimit: bound('requestBodyBytesMax', bounds.requestBodyBytesMax),
  secrequestbodynofileslimit: bound('requestBodyBytesMax', bounds.requestBodyBytesMax),
  secrequestbodylimitaction: { value: 'reject', why: 'a body over its bound is refused, never passed unread' },
  secrequestbodyjsondepthlimit: bound('depthMax', bounds.bodyDepthMax),
  secargumentslimit: bound('valuesMax', bounds.valuesMax),
  secresponsebodylimit: bound('responseBodyBytesMax', bounds.responseBodyBytesMax),
  secresponsebodylimitaction: {
    value: 'processpartial',
    why: 'of a response over its bound the beginning is inspected',
  },
  secrequestbodyaccess: {
    value: 'on',
    why: 'request bodies are always inspected; use ctl:requestBodyAccess for exceptions',
  },
  secresponsebodyaccess: { value: 'on', why: 'the server decides for each route whether a response is inspected' },
  secargumentseparator: { value: '&', why: 'arguments are separated by &' },
  seccookieformat: { value: '0', why: 'cookies are read as RFC 6265 has them' },
  secxmlexternalentity: { value: 'off', why: 'external entities are never loaded' },
  secparsexmlintoargs: { value: 'off', why: 'XML is inspected through XML:/* and XML://@*' },
}

/** The compiler does not know the caller's bounds, only what they are where the caller says nothing. */
function bound(name: string, value: number): { readonly value: string; readonly why: string } {
  return { value: String(value), why: `the caller's ${name} holds, by default ${value}` }
}

const engineModes: Readonly<Record<string, Mode>> = { on: 'block', off: 'off', detectiononly: 'detect' }

export function readSettings(settings: readonly Setting[], mode: Mode, warn: Warn): Settings {
  let responseTypes = new Set(responseTypesDefault)
  let collectionSeconds = bounds.persistentSecondsDefault
  for (const { at, name, argument } of settings) {
    const lower = name.toLowerCase()
    const value = argument.trim()
    switch (lower) {
      case 'secruleengine': {
        const asked = Object.hasOwn(engineModes, value.toLowerCase()) ? engineModes[value.toLowerCase()] : undefined
        if (asked !== mode)
          warn({ at, word: name, reason: `${name} ${value} is passed over: the caller's mode "${mode}" holds` })
        break
      }
      case 'secresponsebodymimetype':
        responseTypes = new Set([...responseTypes, ...value.toLowerCase().split(/ +/)])
        break
      case 'secresponsebodymimetypesclear':
        responseTypes = new Set()
        break
      case 'seccollectiontimeout':
        collectionSeconds = Number.parseInt(value, 10)
        break
      default: {
        const expected = Object.hasOwn(fixed, lower) ? fixed[lower] : undefined
        if (expected !== undefined && expected.value !== value.toLowerCase()) {
          warn({ at, word: name, reason: `${name} ${value} is passed over: ${expected.why}` })
        }
      }
    }
  }
  return { responseTypes, collectionSeconds }
}
