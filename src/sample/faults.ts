import type { ServerResponse } from 'node:http';
import { type Answer, failure, type SampleRequest } from './answers.ts';

/** One way in which the service can misbehave. */
interface Fault {
  /** Narrows the requests that are hit; absent means all. */
  readonly applies?: (request: SampleRequest) => boolean;
  /** Replaces or changes the answer. */
  readonly answer?: (request: SampleRequest, normal: () => Answer) => Answer;
  /** Replaces the way in which the answer is sent. */
  readonly send?: (response: ServerResponse, answer: Answer) => void;
}

const SLOW_PIECES = 12;
const SLOW_PAUSE_MS = 300;

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
      answer: (_request, normal) => changeBody(normal(), (body) => body.slice(0, Math.ceil(body.length / 2))),
    },
    reset: { send: sendHalfThenReset },
    'empty-body': { answer: (_request, normal) => ({ ...normal(), status: 200, body: '' }) },
    slow: { send: sendSlowly },
    hang: { send: () => {} },
    'foreign-next-link': {
      answer: (request, normal) =>
        withNextLink(normal(), `https://management.azure.com.example.net${request.path}?${request.query}`),
    },
    'downgraded-next-link': {
      answer: (request, normal) => withNextLink(normal(), `http://127.0.0.1:1${request.path}?${request.query}`),
    },
    'repeating-next-link': {
      answer: (request, normal) => withNextLink(normal(), `${request.origin}${request.path}?${request.query}`),
    },
    '401': { answer: unauthorized },
    '401-after-first-page': {
      applies: ({ parameters }) => parameters.has('$skiptoken') || parameters.has('skip'),
      answer: unauthorized,
    },
    '403': {
      answer: () =>
        failure(403, 'RBACAccessDenied', 'The client does not have authorization to view charges of this scope.'),
    },
    bom: { answer: (_request, normal) => changeBody(normal(), (body) => `\uFEFF${body}`) },
    'not-an-object': { answer: (_request, normal) => changeBody(normal(), () => '[]') },
    'wrong-shape': { answer: (_request, normal) => changeBody(normal(), () => '{"value":{"first":"not a list"}}') },
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
    if (!body.startsWith('{"value":[')) return body;
    // Rows are left as text: parsing them would round their amounts.
    const end = body.lastIndexOf(']');
    return `${body.slice(0, end + 1)},"nextLink":${JSON.stringify(nextLink)}}`;
  });
}

function sendHalfThenReset(response: ServerResponse, { status, headers, body = '' }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body) + 1) });
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.socket?.resetAndDestroy());
}

function sendSlowly(response: ServerResponse, { status, headers, body = '' }: Answer): void {
  const bytes = Buffer.from(body);
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
