import type { Answer } from '../http/client.ts';
import type { Dialect, Refusal } from '../http/dialect.ts';
import { adviceFor, readFailure } from '../http/errors.ts';

/**
 * The way of Microsoft Graph (public article "Use best practices with Microsoft Graph": client-request-id, request-id). A call has one
 * id of the caller's, new for each logical call, which stands where other services have a correlation id.
 */
export const GRAPH_DIALECT: Dialect = {
  correlationId: 'client-request-id',
  answeredRequestId: 'request-id',
  answeredCorrelationId: 'client-request-id',
  keepsRequestId: false,
  readRefusal,
};

/** Graph's body is `{error: {code, message, innerError}}` (public article "Microsoft Graph error responses"). */
function readRefusal({ status, bytes }: Answer): Refusal {
  const failure = readFailure(bytes);
  return { ...failure, advice: ADVICE.get(status) ?? (status >= 500 ? adviceFor(status, undefined) : undefined) };
}

const ADVICE: ReadonlyMap<number, string> = new Map([
  [400, 'Check the invoice, the currency and the period of the export.'],
  [401, 'Sign in again with an account of the partner tenant; the token has to be for https://graph.microsoft.com.'],
  [
    403,
    'The sign-in needs the permission PartnerBilling.Read.All with the consent of an administrator, in the tenant of a direct partner.',
  ],
  [404, 'The service no longer knows the export, or this cloud has none; start the export again.'],
  [429, 'The limit of Microsoft Graph is used up; wait a minute and try again.'],
]);
