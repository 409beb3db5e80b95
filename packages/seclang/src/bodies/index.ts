import type { BodyProcessor, ProcessorName } from './body.ts'
import { json } from './json.ts'
import { multipart } from './multipart.ts'
import { urlencoded } from './urlencoded.ts'
import { xml } from './xml.ts'

/** The body processors by the name that `ctl:requestBodyProcessor` and REQBODY_PROCESSOR use. */
export const bodyProcessors: Readonly<Record<ProcessorName, BodyProcessor>> = {
  URLENCODED: urlencoded,
  MULTIPART: multipart,
  JSON: json,
  XML: xml,
}
