import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProcessorName } from './body.ts'
import { processorFor } from './content-type.ts'

const rows: readonly (readonly [string, ProcessorName | null])[] = [
  ['', null],
  ['text/plain', null],
  ['multipart/mixed; boundary=x', null],
  ['x application/json', null],
  ['application/x-www-form-urlencoded; charset=utf-8', 'URLENCODED'],
  ['Multipart/Form-Data; boundary=x', 'MULTIPART'],
  ['application/json', 'JSON'],
  ['APPLICATION/JSON;charset=utf-8', 'JSON'],
  ['application/vnd.api-1.x+json', 'JSON'],
  ['application/+json', null],
  ['text/xml', 'XML'],
  ['application/xml', 'XML'],
  ['application/soap+xml', 'XML'],
  ['application/atom+xml', null],
]

for (const [type, processor] of rows) {
  test(`${JSON.stringify(type)} is read by ${processor ?? 'none'}`, () => assert.equal(processorFor(type), processor))
}
