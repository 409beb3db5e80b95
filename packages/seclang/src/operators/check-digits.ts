/** Numbers that carry their own proof. Each takes a match of the rule's expression: digits with anything between. */

const ten = 10
const eleven = 11

/** The values of the digits in `text`, or `null` if there are more than `max` of them. */
function digitsOf(text: string, max: number): number[] | null {
  const digits: number[] = []
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) continue
    if (digits.length === max) return null
    digits.push(digit)
  }
  return digits
}

/** The check of payment card numbers (ISO/IEC 7812-1, annex B; US patent 2,950,048): every second digit from the right
 *  doubled, the sum of all decimal digits a multiple of ten. No digit at all: false. */
export function isLuhn(text: string): boolean {
  let sum = 0
  let count = 0
  for (let at = text.length - 1; at >= 0; at--) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) continue
    const weighted = count % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
    count++
  }
  return count > 0 && sum % ten === 0
}

const cpfDigits = 11

/** A Brazilian taxpayer number (CPF): eleven digits, not all alike; the last two are each a weighted sum of those before
 *  them, modulo eleven (Instrução Normativa RFB 2172/2024). */
export function isCpf(text: string): boolean {
  const digits = digitsOf(text, cpfDigits)
  if (digits?.length !== cpfDigits || digits.every((digit) => digit === digits[0])) return false
  return digits[9] === cpfCheck(digits, 9) && digits[ten] === cpfCheck(digits, ten)
}

function cpfCheck(digits: readonly number[], count: number): number {
  let sum = 0
  for (let at = 0; at < count; at++) sum += digits[at]! * (count + 1 - at)
  const rest = sum % eleven
  return rest < 2 ? 0 : eleven - rest
}

const ssnDigits = 9
const ssnAreaEnd = 740
const ssnAreaUnused = 666

/** A US social security number as it was given out before 2011, which is what ModSecurity checks (there is no check digit):
 *  area 001 to 739 but not 666, no part all zero, and neither one digit nine times nor a run such as 123456789. */
export function isSsn(text: string): boolean {
  const digits = digitsOf(text, ssnDigits)
  if (digits?.length !== ssnDigits) return false
  const steps = digits.slice(1).map((digit, at) => digit - digits[at]!)
  if (steps.every((step) => step === 0) || steps.every((step) => step === 1)) return false
  const number = Number(digits.join(''))
  const area = Math.floor(number / 1e6)
  const group = Math.floor(number / 1e4) % 100
  const serial = number % 1e4
  return area > 0 && area < ssnAreaEnd && area !== ssnAreaUnused && group > 0 && serial > 0
}

const svnrDigits = 10
const svnrCheckAt = 3
/** The check digit itself, the fourth, has no weight. */
const svnrWeights = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]

/** An Austrian social security number: ten digits, not all alike; the fourth is the weighted sum of the others modulo
 *  eleven (Dachverband der Sozialversicherungsträger). A sum of ten, never given out, counts as 0, as in ModSecurity. */
export function isSvnr(text: string): boolean {
  const digits = digitsOf(text, svnrDigits)
  if (digits?.length !== svnrDigits || digits.every((digit) => digit === digits[0])) return false
  const sum = svnrWeights.reduce((total, weight, at) => total + weight * digits[at]!, 0)
  return (sum % eleven) % ten === digits[svnrCheckAt]
}
