import { requireList, topLevelText } from '../../json/member.ts';
import { JsonSyntaxError, startOfText } from '../../json/scan.ts';
import { requireJsonText, unexpected, unreadable } from '../http/body.ts';
import type { Answer, Call } from '../http/client.ts';
import type { BillingError } from '../http/errors.ts';
import { PageWalk } from '../http/paging.ts';
import type { QuotaClaim } from '../http/quota.ts';
import { type ArmClient, nextCall } from './armClient.ts';

/**
 * A list `{"value":[…],"nextLink":…}` as the bytes of each page. They are not parsed: amounts carry more digits than a double, and the
 * record walk copies them from the bytes. A page that is empty (204: no data) has no bytes.
 *
 * @param following what pages behind the first cost of the service's limits
 */
export function bytePages(arm: ArmClient, first: Call, following?: QuotaClaim): PageWalk<Uint8Array> {
  return new PageWalk(arm.http, first, (answer, call) => {
    const next = answer.status === 204 ? undefined : nextCall(call, nextLink(answer));
    return { value: answer.bytes, next: next && { ...next, ...(following && { quota: following }) } };
  });
}

function nextLink(answer: Answer): string | undefined {
  requireJsonText(answer);
  if (answer.bytes[startOfText(answer.bytes)] !== 0x7b) {
    throw unexpected(answer, 'the answer has an unexpected shape: it is not an object.');
  }
  const link = syntaxChecked(
    () => topLevelText(answer.bytes, 'nextLink'),
    (error) => unreadable(answer, `the answer is cut short or is not JSON (${error.message}).`, error),
  );
  // Without its list a page would pass for an empty last one.
  syntaxChecked(
    () => requireList(answer.bytes, 'value'),
    (error) => unexpected(answer, `the answer has an unexpected shape (${error.message}).`),
  );
  return link;
}

function syntaxChecked<T>(read: () => T, failure: (error: Error) => BillingError): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof JsonSyntaxError || error instanceof SyntaxError ? failure(error) : error;
  }
}
