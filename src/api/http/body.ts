import { parseJson } from '../../json/parseJson.ts';
import { startOfText } from '../../json/scan.ts';
import type { Answer } from './client.ts';
import { BillingError } from './errors.ts';

/** The answer is no complete JSON text. Retryable: a body cut short looks like this. */
export function unreadable(answer: Answer, message: string, cause?: unknown): BillingError {
  const advice = 'Try again; report the request id if it stays.';
  return malformed(answer, message, { retryable: true, cause, advice });
}

/** The answer is JSON but not what the API promises; asking again would bring the same. */
export function unexpected(answer: Answer, message: string): BillingError {
  return malformed(answer, message, {
    advice: 'Check that the endpoint is Azure Resource Manager; report the request id if it is.',
  });
}

function malformed(
  answer: Answer,
  message: string,
  fields: { retryable?: boolean; cause?: unknown; advice?: string },
): BillingError {
  const { status, requestId, correlationId } = answer;
  return new BillingError('malformed', message, { status, requestId, correlationId, ...fields });
}

/**
 * Refuses bodies that are no JSON at all before anyone parses them: an empty one, and HTML, which is what proxies and
 * sign-in pages answer with status 200.
 */
export function requireJsonText(answer: Answer): void {
  const first = answer.bytes[startOfText(answer.bytes)];
  if (first === undefined) {
    throw unreadable(answer, 'the answer is empty.');
  }
  if (first === 0x3c) {
    throw malformed(answer, 'the answer is a web page, not data.', {
      advice:
        'A proxy or a sign-in page of the network may stand between; open the network in a browser, or check the proxy settings.',
    });
  }
}

/**
 * The body as a value without a lost digit (see `parseJson`), after a byte order mark was removed.
 *
 * @throws BillingError of kind `malformed`, retryable
 */
export function readJson(answer: Answer): unknown {
  requireJsonText(answer);
  try {
    return parseJson(
      new TextDecoder('utf-8', { fatal: true }).decode(answer.bytes.subarray(startOfText(answer.bytes))),
    );
  } catch (error) {
    throw unreadable(answer, 'the answer is cut short or is not JSON.', error);
  }
}
