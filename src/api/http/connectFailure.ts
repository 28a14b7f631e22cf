/**
 * No connection could be made, so nothing of a request was sent. Whoever makes connections knows best what stood in the way, and
 * says it in words.
 */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';
  /** For logs, e.g. `PROXY_407`. */
  readonly code: string;
  /** Part of a sentence: names the host or the proxy, never a user name or a password. */
  readonly reason: string;
  /** One or two sentences: the setting to look at. */
  readonly advice: string;
  /** Whether waiting changes nothing. */
  readonly final: boolean;

  constructor(
    code: string,
    { reason, advice, final = true, cause }: { reason: string; advice: string; final?: boolean; cause?: unknown },
  ) {
    super(`${reason}.`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.reason = reason;
    this.advice = advice;
    this.final = final;
  }
}

/** The failure itself, or the one that caused it. */
export function connectFailureOf(error: unknown): ConnectFailure | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ConnectFailure) {
      return at;
    }
  }
  return undefined;
}
