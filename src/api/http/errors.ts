/** What kind of failure it is, for callers that react to it (tree rows, retries, exit codes). */
export type FailureKind =
  | 'refused' // the service answered with an error status
  | 'unreachable' // no answer: connection refused, reset, DNS, TLS
  | 'malformed' // an answer that is not what the API promises: HTML, cut JSON, wrong shape
  | 'signIn' // no token could be had
  | 'unsafeLink' // a link from the service leads where no token may go, or in a circle
  | 'argument'; // the caller's input

/** The call that failed, safe to log and show: no token, and secrets of the query masked. */
export interface CallInfo {
  /** What the user would call it, e.g. "List customers". */
  operation: string;
  method: string;
  url: string;
}

interface BillingErrorFields {
  code?: string | undefined;
  status?: number | undefined;
  requestId?: string | undefined;
  correlationId?: string | undefined;
  call?: CallInfo | undefined;
  advice?: string | undefined;
  retryable?: boolean | undefined;
  cause?: unknown;
}

/**
 * The one error class of the API layer. `message` is one sentence for the user without advice; `advice` says what to do.
 * Ids are those of the answer that failed (`x-ms-request-id`, `x-ms-correlation-request-id`).
 */
export class BillingError extends Error {
  override readonly name = 'BillingError';
  readonly kind: FailureKind;
  /** The service's error code, e.g. `RBACAccessDenied`, `429`, `AuthorizationFailed`. */
  readonly code: string | undefined;
  /** The HTTP status, when there was an answer. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly correlationId: string | undefined;
  readonly call: CallInfo | undefined;
  readonly advice: string | undefined;
  /** Whether the same call may succeed when it is sent again. */
  readonly retryable: boolean;

  constructor(kind: FailureKind, message: string, fields: BillingErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.kind = kind;
    this.code = fields.code;
    this.status = fields.status;
    this.requestId = fields.requestId;
    this.correlationId = fields.correlationId;
    this.call = fields.call;
    this.advice = fields.advice;
    this.retryable = fields.retryable ?? false;
  }

  /** The message with its advice, as one text for the user. */
  get explanation(): string {
    return this.advice === undefined ? this.message : `${this.message} ${this.advice}`;
  }
}

/** Code and message of an error body in any of the shapes that ARM, its providers, gateways and proxies send. */
export interface ServiceFailure {
  code: string | undefined;
  message: string | undefined;
}

/**
 * Reads an error body. Known shapes: `{error: {code, message, details?}}` (ARM RPC), `{code, message}`,
 * `{Message}` / `{message}` (gateways), `{error: "code", error_description}` (sign-in), and no JSON at all.
 */
export function readFailure(bytes: Uint8Array): ServiceFailure {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return { code: undefined, message: undefined };
  }
  const outer = asRecord(body);
  const inner = asRecord(outer.error);
  return {
    code: text(inner.code) ?? text(outer.code) ?? text(outer.error),
    message:
      firstDetail(inner) ??
      text(inner.message) ??
      text(outer.message) ??
      text(outer.Message) ??
      text(outer.error_description),
  };
}

/** Some providers put an empty or generic message outside and the real one in `details`. */
function firstDetail(error: Record<string, unknown>): string | undefined {
  return text(error.message) === undefined && Array.isArray(error.details)
    ? text(asRecord(error.details[0]).message)
    : undefined;
}

/** An object's members, none of anything else. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') {
    return String(value);
  }
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/**
 * What the user can do about a refused call. Sources: the public article "Troubleshoot Cost Management errors" and the
 * partner article "Get started with your Microsoft Partner Agreement billing account".
 */
export function adviceFor(status: number, code: string | undefined): string | undefined {
  const byCode = code === undefined ? undefined : ADVICE_BY_CODE.get(code.toLowerCase());
  return (
    byCode ??
    ADVICE_BY_STATUS[status] ??
    (status >= 500 ? 'The service has a problem; try again in some minutes.' : undefined)
  );
}

const ROLE_ADVICE =
  'At partner scopes the sign-in needs the Admin agent or Billing admin role in the partner tenant; at subscription scopes a role such as Cost Management Reader, and the cost policy of the customer must be on.';

const FORECAST_ADVICE =
  'A forecast needs about four weeks of costs in one currency; wait, filter by one currency, or sum CostUSD.';

// A map, not an object: codes come from outside, and 'constructor' is one too.
const ADVICE_BY_CODE = new Map(
  Object.entries({
    authorizationfailed: ROLE_ADVICE,
    billingaccessdenied: ROLE_ADVICE,
    rbacaccessdenied: ROLE_ADVICE,
    invalidauthenticationtokentenant:
      'The sign-in belongs to another tenant; use a connection with the tenant that the message names.',
    invalidresourcetype: 'The service does not know this API version; the message lists the ones it has.',
    subscriptionnotfound: 'New subscriptions can take up to 48 hours to appear.',
    faileddependency: FORECAST_ADVICE,
    cantforecastonthepast: 'End the period of the forecast in the future.',
    resourcerequeststhrottled: 'Wait five minutes and try again.',
  }),
);

const ADVICE_BY_STATUS: Record<number, string> = {
  400: 'Check the scope and the period; not every agreement supports every call.',
  401: 'Sign in again; the token was refused.',
  403: ROLE_ADVICE,
  404: 'Check that the scope exists and that the sign-in can see it.',
  424: FORECAST_ADVICE,
  429: "Azure's limit for this scope is used up; wait a minute and try again.",
};

/** Query parameters that tell nothing secret; all others (signatures, session, download and paging tokens) are masked. */
const PLAIN_PARAMETERS = new Set([
  'api-version',
  'startdate',
  'enddate',
  'periodstartdate',
  'periodenddate',
  '$top',
  'top',
  'skip',
  '$expand',
  'expand',
  'documentname',
  'operationtype',
  'metric',
  // Partner Center.
  'size',
  'offset',
  'start_time',
  'end_time',
  'granularity',
  'show_details',
  'seekoperation',
  'seek_operation',
  'provider',
  'invoicelineitemtype',
  'currencycode',
  'currency',
  'region',
  'period',
]);

const USER_INFORMATION = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i;

/** An address for logs and messages: user information and the values of all but known, harmless parameters are masked. */
export function maskUrl(url: string): string {
  return url
    .replace(USER_INFORMATION, '$1…@')
    .replace(/([?&])([^=&#]*)=[^&#]*/g, (parameter: string, mark: string, name: string) =>
      PLAIN_PARAMETERS.has(decoded(name).toLowerCase()) ? parameter : `${mark}${name}=…`,
    );
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
