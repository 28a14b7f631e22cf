import type { Exchange } from '../api/http/client.ts';
import { maskText } from '../api/http/mask.ts';

/** A line of the log for one request: identifiers only. */
export function exchangeLine(connection: string, exchange: Exchange): string {
  const { method, url, status, failure, milliseconds, attempt, requestId, correlationId } = exchange;
  const outcome = status ?? (failure === undefined ? 'no answer' : maskText(failure));
  const again = attempt === 0 ? '' : ` (attempt ${attempt + 1})`;
  const ids = [
    requestId === undefined ? '' : ` request ${requestId}`,
    correlationId === undefined ? '' : ` correlation ${correlationId}`,
  ].join('');
  return `[${connection}] ${method} ${url} → ${outcome} in ${milliseconds} ms${again}${ids}`;
}
