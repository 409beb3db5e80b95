/** Directives that set the engine: what of them holds here, and where the caller's word beats theirs. */

import { persistentSecondsDefault } from '../bounds.ts'
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

const engineModes: Readonly<Record<string, Mode>> = { on: 'block', off: 'off', detectiononly: 'detect' }

export function readSettings(settings: readonly Setting[], mode: Mode, warn: Warn): Settings {
  let responseTypes = new Set(responseTypesDefault)
  let collectionSeconds = persistentSecondsDefault
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
        if (/limit/i.test(name)) {
          warn({ at, word: name, reason: `${name} is passed over: the caller's bounds hold` })
          break
        }
        const expected = Object.hasOwn(fixed, lower) ? fixed[lower] : undefined
        if (expected !== undefined && expected.value !== value.toLowerCase()) {
          warn({ at, word: name, reason: `${name} ${value} is passed over: ${expected.why}` })
        }
      }
    }
  }
  return { responseTypes, collectionSeconds }
}
