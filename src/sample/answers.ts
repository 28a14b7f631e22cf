/** What a route answers, before headers common to all answers are added. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for an answer without body. */
  readonly body: string | undefined;
  /** Sent in place of `body`, for answers that are not text. */
  readonly bytes?: Uint8Array;
  /** Sent in place of `body`, piece by piece; the headers tell its length. */
  readonly stream?: () => AsyncIterable<Uint8Array>;
}

/** A request as routes and faults see it. */
export interface SampleRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded. */
  readonly path: string;
  /** The query as sent, without the question mark. */
  readonly query: string;
  /** Parameters by lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** `http://host` or `https://host`, the host as the client spelled it in its Host header. */
  readonly origin: string;
  /** Empty when there is none. */
  readonly body: string;
}

export function json(value: unknown, status = 200): Answer {
  return jsonText(JSON.stringify(value), status);
}

export function jsonText(body: string, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}

/** The error shape of Azure Resource Manager: `{"error": {"code", "message"}}`. */
export function failure(status: number, code: string, message: string, headers: Record<string, string> = {}): Answer {
  const answer = json({ error: { code, message } }, status);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** Thrown by routes to answer an error from any depth. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.answer = failure(status, code, message);
  }
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, 'BadRequest', message);
}

export function notFound(what: string, name: string): Refusal {
  return new Refusal(404, 'NotFound', `The ${what} '${name}' was not found.`);
}

/** The request's own address with some parameters replaced: how every nextLink is made. */
export function linkTo(request: SampleRequest, replace: Readonly<Record<string, string>>): string {
  const kept = request.query.split('&').filter((pair) => {
    const [name] = new URLSearchParams(pair).keys();
    return name !== undefined && !Object.keys(replace).some((key) => key.toLowerCase() === name.toLowerCase());
  });
  const added = Object.entries(replace).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${request.origin}${request.path}?${[...kept, ...added].join('&')}`;
}
