/** A start that cannot succeed: one line for the operator, with the mend, and the exit code of the contract. */
export class Failure extends Error {
  override readonly name = 'Failure'
  /** 2: bad usage, configuration or certificate. 1: a taken port or data directory. */
  readonly exitCode: 1 | 2
  /** `located`: lines that begin with their file, for editors to follow; nothing may stand in front. */
  readonly form: 'sentence' | 'located'
  constructor(exitCode: 1 | 2, message: string, form: 'sentence' | 'located' = 'sentence') {
    super(message)
    this.exitCode = exitCode
    this.form = form
  }
}

/** Runs a command; a `Failure` becomes its line on standard error and its exit code, and no stack trace. */
export async function sayFailure(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    process.stderr.write(error.form === 'located' ? `${error.message}\n` : `sallyport: ${error.message}\n`)
    process.exitCode = error.exitCode
  }
}
