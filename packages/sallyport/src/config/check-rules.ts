/** Rule sets: which keys go with which. */
import type { Check, Complaint } from './complaint.ts'

const forCrs = ['dir', 'profile', 'paranoia'] as const

export const ruleComplaints: Check = ({ rules }, written) => {
  const errors: Complaint[] = []
  for (const [index, { use, dir }] of rules.entries()) {
    const path = ['rules', index]
    if (use === 'crs' && dir === null)
      errors.push({ path, message: 'crs needs dir: add where its release is unpacked' })
    if (use === 'crs') continue
    for (const key of forCrs) {
      if (!written([...path, key])) continue
      errors.push({ path: [...path, key], aim: 'key', message: `${key} is for use: crs alone: take it out` })
    }
  }
  const blocking = rules.some(({ mode }) => mode === 'block')
  const message = 'no rule set blocks: attacks are logged at most, and pass'
  return { errors, warnings: blocking ? [] : [{ path: ['rules'], aim: 'key', message }] }
}
