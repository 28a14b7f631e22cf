import { BillingError } from '../../api/http/errors.ts';
import { RESUME_REFUSED } from './plan.ts';

/** What a chunk's `resume` holds. Plain data: it is kept on the disk. */
export function markOf(mark: object): string {
  return JSON.stringify(mark);
}

/**
 * @param isMark whether it has what is relied on: files on a disk can be damaged
 * @throws BillingError with the code `resumeRefused` when it is no mark
 */
export function readMark<T extends object>(
  text: string,
  isMark: (mark: { [Name in keyof T]?: unknown }) => boolean,
): T {
  try {
    const mark: unknown = JSON.parse(text);
    if (typeof mark === 'object' && mark !== null && isMark(mark)) {
      return mark as T;
    }
  } catch {
    // Whatever it was: the piece can be read from its beginning.
  }
  throw markRefused('it cannot be read');
}

/** The mark leads nowhere. */
export function markRefused(why: string, cause?: unknown): BillingError {
  return new BillingError('refused', `Resuming failed: the place where it stopped is gone (${why}).`, {
    code: RESUME_REFUSED,
    advice: 'This part is fetched from its beginning.',
    cause,
  });
}

/** Links and session tokens of lists do not live for ever, and a list may have changed behind them. */
const GONE = new Set([400, 403, 404, 409, 410, 412, 416, 422]);

/** What the first call behind a mark threw: whether the mark is to blame. */
export function refusedMark(error: unknown): unknown {
  if (!(error instanceof BillingError)) {
    return error;
  }
  const gone = error.kind === 'refused' && error.status !== undefined && GONE.has(error.status);
  return gone || error.kind === 'unsafeLink' ? markRefused(error.message.replace(/\.$/, ''), error) : error;
}
