import type { ServerResponse } from 'node:http';
import { type Answer, failure, type SampleRequest } from './answers.ts';
import { withPartnerNextLink } from './partnerCenter/collections.ts';

/** One way in which the service can misbehave. */
interface Fault {
  /** Narrows the requests that are hit; absent means all. */
  readonly applies?: (request: SampleRequest) => boolean;
  /** Replaces or changes the answer. */
  readonly answer?: (request: SampleRequest, normal: () => Promise<Answer>) => Answer | Promise<Answer>;
  /** Replaces the way in which the answer is sent. */
  readonly send?: (response: ServerResponse, answer: Answer) => void;
}

const SLOW_PIECES = 12;
const SLOW_PAUSE_MS = 300;

/** How requests for later pages are told: Azure Resource Manager first, then Partner Center. */
const PAGE_PARAMETERS = ['$skiptoken', 'skip', 'seekoperation', 'seek_operation', 'offset'];

/** Every fault by its name on the command line. */
const FAULTS: ReadonlyMap<string, Fault> = new Map(
  Object.entries<Fault>({
    '429': {
      answer: () =>
        failure(429, '429', 'Too many requests. Please retry.', {
          'x-ms-ratelimit-microsoft.costmanagement-entity-retry-after': '2',
          'x-ms-ratelimit-microsoft.consumption-retry-after': '1',
        }),
    },
    '429-retry-after': {
      answer: () => failure(429, '429', 'Too many requests. Please retry.', { 'retry-after': '1' }),
    },
    // One of the limits' own headers alone, as Cost Management was seen to answer.
    ...Object.fromEntries(
      ['qpu', 'entity', 'tenant', 'client', 'clienttype'].map((limit) => [
        `429-${limit}`,
        tooMany({ [`x-ms-ratelimit-microsoft.costmanagement-${limit}-retry-after`]: '2' }),
      ]),
    ),
    '429-consumption': tooMany({ 'x-ms-ratelimit-microsoft.consumption-retry-after': '2' }),
    '429-bare': tooMany({}),
    '500': { answer: () => failure(500, 'InternalServerError', 'The service could not answer the request.') },
    '503': {
      answer: () =>
        failure(503, 'ServiceUnavailable', 'The service is unavailable. Please retry.', { 'retry-after': '1' }),
    },
    '503-html': {
      answer: () => html(503, 'Service unavailable', 'The gateway could not reach the service behind it.'),
    },
    html: { answer: () => html(200, 'Sign in', 'Sign in to the network to continue.') },
    truncated: {
      answer: async (_request, normal) => halved(await normal()),
    },
    reset: { send: sendHalfThenReset },
    'empty-body': { answer: async (_request, normal) => emptied(await normal()) },
    slow: { send: sendSlowly },
    hang: { send: () => {} },
    'foreign-next-link': {
      answer: async (request, normal) =>
        withNextLink(await normal(), `https://management.azure.com.example.net${request.path}?${request.query}`),
    },
    'downgraded-next-link': {
      answer: async (request, normal) =>
        withNextLink(await normal(), `http://127.0.0.1:1${request.path}?${request.query}`),
    },
    'repeating-next-link': {
      answer: async (request, normal) =>
        withNextLink(await normal(), `${request.origin}${request.path}?${request.query}`),
    },
    'foreign-location': {
      answer: async (request, normal) =>
        withOperationLinks(await normal(), `https://management.azure.com.example.net${request.path}?${request.query}`),
    },
    '401': { answer: unauthorized },
    '401-after-first-page': {
      applies: ({ parameters }) => PAGE_PARAMETERS.some((name) => parameters.has(name)),
      answer: unauthorized,
    },
    '403': {
      answer: () =>
        failure(403, 'RBACAccessDenied', 'The client does not have authorization to view charges of this scope.'),
    },
    bom: { answer: async (_request, normal) => changeBody(await normal(), (body) => `\uFEFF${body}`) },
    'not-an-object': { answer: async (_request, normal) => changeBody(await normal(), () => '[]') },
    'wrong-shape': {
      answer: async (_request, normal) => changeBody(await normal(), () => '{"value":{"first":"not a list"}}'),
    },
  }),
);

/** A fault in force: which, on which requests, and how often still. */
export class ActiveFault {
  readonly #fault: Fault;
  readonly #part: string | undefined;
  #left: number;

  private constructor(fault: Fault, times: number, part: string | undefined) {
    this.#fault = fault;
    this.#left = times;
    this.#part = part;
  }

  /**
   * Reads `NAME`, `NAME*TIMES`, `NAME@PART` or `NAME*TIMES@PART`: only that many matching requests, only requests whose
   * path and query contain the part (compared without case). Throws a RangeError with a sentence for anything else.
   */
  static parse(text: string): ActiveFault {
    const match = /^([^*@]+)(?:\*([^@]*))?(?:@(.*))?$/s.exec(text);
    const fault = FAULTS.get(match?.[1] ?? '');
    if (!match || !fault) {
      throw new RangeError(`The fault ${text} is not known: use one of ${[...FAULTS.keys()].join(', ')}.`);
    }
    const times = match[2];
    if (times !== undefined && !/^[1-9]\d{0,8}$/.test(times)) {
      throw new RangeError(`The fault ${text} must say after * how many times, a whole number from 1.`);
    }
    return new ActiveFault(fault, times === undefined ? Number.POSITIVE_INFINITY : Number(times), match[3]);
  }

  /** The fault for this request, counted down; undefined when the request is answered normally. */
  take(request: SampleRequest): Fault | undefined {
    const address = `${request.path}?${request.query}`.toLowerCase();
    if (this.#left <= 0 || (this.#part !== undefined && !address.includes(this.#part.toLowerCase()))) return undefined;
    if (this.#fault.applies && !this.#fault.applies(request)) return undefined;
    this.#left--;
    return this.#fault;
  }
}

function tooMany(headers: Record<string, string>): Fault {
  return { answer: () => failure(429, '429', 'Too many requests. Please retry.', headers) };
}

function html(status: number, title: string, text: string): Answer {
  const body = `<!DOCTYPE html>\n<html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>\n`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function unauthorized({ origin }: SampleRequest): Answer {
  return failure(401, 'InvalidAuthenticationToken', 'The access token is invalid.', {
    'www-authenticate': `Bearer authorization_uri="${origin}/organizations", error="invalid_token", error_description="The access token is invalid."`,
  });
}

function changeBody(answer: Answer, change: (body: string) => string): Answer {
  return answer.body === undefined ? answer : { ...answer, body: change(answer.body) };
}

/** Lists and query answers get the link even on their last page, so that a small tenant shows the fault too. */
function withNextLink(answer: Answer, nextLink: string): Answer {
  return changeBody(answer, (body) => {
    if (body.includes('"properties":{"nextLink":')) {
      return body.replace(/"nextLink":(?:null|"(?:[^"\\]|\\.)*")/, () => `"nextLink":${JSON.stringify(nextLink)}`);
    }
    if (!body.startsWith('{"value":[')) return withPartnerNextLink(body, nextLink);
    // Rows are left as text: parsing them would round their amounts.
    const end = body.lastIndexOf(']');
    return `${body.slice(0, end + 1)},"nextLink":${JSON.stringify(nextLink)}}`;
  });
}

/** Half of a text or a file, with a length that says that this is all. */
function halved(answer: Answer): Answer {
  const { bytes } = answer;
  if (bytes) return { ...answer, bytes: bytes.subarray(0, Math.ceil(bytes.length / 2)) };
  return changeBody(answer, (body) => body.slice(0, Math.ceil(body.length / 2)));
}

/** What an answer sends, of either kind. */
function contentOf({ body = '', bytes }: Answer): Uint8Array {
  return bytes ?? Buffer.from(body);
}

/** Where there is nothing to take away, an empty body stands for one. */
function emptied({ bytes: _, ...answer }: Answer): Answer {
  return { ...answer, status: answer.status === 204 ? 200 : answer.status, body: '' };
}

/** Every link to a long-running operation leads to another place; answers without one stay. */
function withOperationLinks(answer: Answer, link: string): Answer {
  const headers = Object.entries(answer.headers).map(([name, value]) => [
    name,
    OPERATION_LINK.test(name) ? link : value,
  ]);
  return { ...answer, headers: Object.fromEntries(headers) };
}

const OPERATION_LINK = /^(location|azure-asyncoperation)$/i;

function sendHalfThenReset(response: ServerResponse, answer: Answer): void {
  const bytes = contentOf(answer);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(bytes.length + 1) });
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.socket?.resetAndDestroy());
}

function sendSlowly(response: ServerResponse, answer: Answer): void {
  const bytes = contentOf(answer);
  const { status, headers } = answer;
  response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
  response.flushHeaders();
  const step = Math.max(1, Math.ceil(bytes.length / SLOW_PIECES));
  let sent = 0;
  const timer = setInterval(() => {
    const piece = bytes.subarray(sent, sent + step);
    sent += piece.length;
    if (piece.length > 0) response.write(piece);
    if (sent < bytes.length) return;
    clearInterval(timer);
    response.end();
  }, SLOW_PAUSE_MS);
  response.once('close', () => clearInterval(timer));
}
