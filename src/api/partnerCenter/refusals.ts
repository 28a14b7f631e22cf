import type { Answer } from '../http/client.ts';
import type { Dialect, Refusal } from '../http/dialect.ts';
import { adviceFor, asRecord, readFailure } from '../http/errors.ts';
import { bodyText, jsonOrNothing } from './bodyText.ts';

/** The way of Partner Center (public article "Partner Center REST headers": MS-RequestId, MS-CorrelationId). */
export const PARTNER_CENTER_DIALECT: Dialect = {
  requestId: 'MS-RequestId',
  correlationId: 'MS-CorrelationId',
  answeredRequestId: 'ms-requestid',
  answeredCorrelationId: 'ms-correlationid',
  keepsRequestId: true,
  readRefusal,
};

/** A plain text longer than this is no message for the user but a page of something. */
const LONGEST_MESSAGE = 1024;

/**
 * Reads an error body in each of its shapes: `{code, description, data, source}` of the service, `{statusCode, message}` of the
 * gateway, `{message}` of a route that was not understood, a plain text, nothing, a web page.
 */
function readRefusal({ status, bytes }: Answer): Refusal {
  const body = jsonOrNothing(bytes);
  if (body === undefined) {
    const text = bodyText(bytes).trim();
    const told = text !== '' && text.length <= LONGEST_MESSAGE && !/[<{[]/.test(text.charAt(0));
    const message = told ? text : undefined;
    return { code: undefined, message, advice: advise(status, undefined, message) };
  }
  const { description, data } = asRecord(body);
  const { code, message = typeof description === 'string' ? description.trim() || undefined : undefined } =
    readFailure(bytes);
  return { code, message: withData(message, data), advice: advise(status, code, message) };
}

/** Some faults name the parameter that is wrong only in `data`. */
function withData(message: string | undefined, data: unknown): string | undefined {
  const names = (Array.isArray(data) ? data : []).filter(
    (item): item is string => typeof item === 'string' && item.trim() !== '' && message?.includes(item) !== true,
  );
  return names.length === 0 ? message : `${message ?? 'The service names'} (${names.slice(0, 5).join(', ')})`;
}

/** Words of the service that say more than its codes do. */
const ADVICE_BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [
    /not found under this customer/i,
    'Utilization exists for Azure subscriptions of the offer MS-AZR-0145P only. For an Azure plan open its rated usage instead (billed or unbilled daily rated usage); for a subscription that came from another partner give its Commerce subscription id, which is its id in Partner Center.',
  ],
  [
    /invoice line item type is not valid/i,
    'Use billinglineitems or usagelineitems, and a provider that has them: office has billinglineitems only.',
  ],
];

function advise(status: number, code: string | undefined, message: string | undefined): string | undefined {
  const byText = message === undefined ? undefined : ADVICE_BY_TEXT.find(([words]) => words.test(message))?.[1];
  return byText ?? ADVICE_BY_CODE.get(`${status} ${code}`) ?? ADVICE_BY_STATUS.get(status) ?? serverAdvice(status);
}

function serverAdvice(status: number): string | undefined {
  return status >= 500 ? adviceFor(status, undefined) : undefined;
}

const ROLE =
  'The user needs the Admin agent role in the partner tenant, and the customer must have granted the partner its delegated roles.';

const SIGN_IN = 'Sign in again with an account of the partner tenant.';

/**
 * By status and code together: the service uses some numbers twice. Sources: public articles "Partner Center REST error codes"
 * and "Partner Center authentication".
 */
const ADVICE_BY_CODE = new Map<string, string>([
  ['400 2012', 'Give the Commerce subscription id, which is the id of the subscription in Partner Center.'],
  ['400 2055', 'It was changed by somebody else since it was read; read it again and compare before writing.'],
  ['400 3000', 'The customer may have no Azure usage yet.'],
  ['404 3000', 'The customer may have no Azure usage yet.'],
  ['400 800011', 'Give the id of an Azure subscription of the offer MS-AZR-0145P.'],
  ['400 800021', 'Give the id that the subscription has in Partner Center.'],
  ['400 900118', 'Give the tenant id of the customer; Partner Center shows it as Microsoft ID on its Account page.'],
  ['400 900126', 'A word of the request is not known to the service; the message names it.'],
  ['400 900127', 'This cloud does not have the call; use a connection to the public cloud.'],
  [
    '400 900141',
    'The service does not support this here; lines of new commerce come from the billing exports of Microsoft Graph.',
  ],
  ['401 400', `${SIGN_IN} Its application must be registered in Partner Center under App management.`],
  ['401 800001', SIGN_IN],
  [
    '401 900420',
    'The token was made for a retired audience; sign in for https://api.partnercenter.microsoft.com instead of https://graph.windows.net.',
  ],
  ['401 900421', 'The token lacks multifactor authentication; sign in again with it.'],
  ['403 2032', ROLE],
  ['403 20002', 'The partner has no commerce relationship with this customer; check the tenant id of the customer.'],
  [
    '403 900124',
    'Somebody with the Global admin role has to accept the Microsoft Partner Agreement in Partner Center.',
  ],
  ['403 900150', ROLE],
  ['403 900308', ROLE],
  ['403 900309', 'A conditional access policy blocks the sign-in; ask the administrator of the partner tenant.'],
  ['403 90000', 'Microsoft Entra refused the sign-in; ask the administrator of the partner tenant.'],
  [
    '403 900329',
    'Partner Center refuses this to an application on its own; use a connection that signs in a user with multifactor authentication.',
  ],
  ['404 20003', 'Check the id of the subscription and that it belongs to this customer.'],
  ['404 60003', 'Check the tenant id of the customer.'],
]);

const ADVICE_BY_STATUS = new Map<number, string>([
  [400, 'Check the fields of the request; not every offer and cloud supports every call.'],
  [401, SIGN_IN],
  [403, ROLE],
  [404, 'Check the ids, and that the customer belongs to this partner.'],
  [429, 'The limit of Partner Center for this partner is used up; wait a minute and try again.'],
]);
