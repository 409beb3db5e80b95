/** Where an upstream is: `http://127.0.0.1:3000`, `https://api.internal`. */
import { shown } from './fault.ts'

/** The origin; or the sentence that says what is wrong, which repeats no password. */
export function parseOrigin(text: string): { readonly origin: string } | { readonly fault: string } {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || /\s/.test(text)) {
    return { fault: `${shown(text)} is no URL of an upstream: write it as http://HOST:PORT or https://HOST:PORT` }
  }
  if (url.username !== '' || url.password !== '')
    return { fault: 'this URL holds a password: take it out, clients send their own' }
  // A path here would have to be joined to every request's own, and then what was judged is not what is sent.
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return { fault: `${shown(text)} has a path: write scheme, host and port alone; requests keep their own path` }
  }
  return { origin: url.origin }
}
