/** Where an upstream is: `http://127.0.0.1:3000`, `https://api.internal`. */

/** The origin; or the sentence that says what is wrong with it. */
export function parseOrigin(text: string): { readonly origin: string } | { readonly fault: string } {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || /\s/.test(text)) {
    return { fault: 'is no URL of an upstream: write it as http://HOST:PORT or https://HOST:PORT' }
  }
  if (url.username !== '' || url.password !== '') return { fault: 'holds a password: let the client send its own' }
  // A path here would have to be joined to every request's own, and then what was judged is not what is sent.
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return { fault: 'has a path: write scheme, host and port alone; requests keep their own path' }
  }
  return { origin: url.origin }
}
