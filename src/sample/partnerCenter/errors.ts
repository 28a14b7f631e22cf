import { type Answer, json } from '../answers.ts';

/** An error in Partner Center's own shape (Partner Center REST reference: error codes). */
export function partnerFailure(
  status: number,
  code: number,
  description: string,
  data: readonly string[] = [],
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const answer = json({ code: String(code), description, data, source: 'PartnerApiServiceCore' }, status);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** The answer of the gateway before the service to who asks too often (Partner Center: API throttling guidance). */
export function gatewayThrottled(waitSeconds: number): Answer {
  const answer = json(
    { statusCode: 429, message: `Rate limit is exceeded. Try again in ${waitSeconds} seconds.` },
    429,
  );
  return { ...answer, headers: { 'content-type': 'application/json', 'retry-after': String(waitSeconds) } };
}

/** What the router answers when it does not understand an address or a word in it: no code at all. */
export function notUnderstood(): PartnerRefusal {
  return new PartnerRefusal(json({ message: 'The request is invalid.' }, 400));
}

/** Thrown by routes to answer an error from any depth. */
export class PartnerRefusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(answer.body ?? '');
    this.answer = answer;
  }
}

export function refused(status: number, code: number, description: string, data?: readonly string[]): PartnerRefusal {
  return new PartnerRefusal(partnerFailure(status, code, description, data));
}

export function invalidInput(description: string): PartnerRefusal {
  return refused(400, 800_002, description);
}

/** How utilization and the monthly resources answer the id of an Azure plan, too. */
export function subscriptionNotFound(id: string): PartnerRefusal {
  return refused(404, 20_003, `Subscription id '${id}' provided was not found under this customer.`);
}

/** Errors of faults, which have the shape of Azure Resource Manager, in the shapes that Partner Center gives them. */
export function inPartnerShape(answer: Answer): Answer {
  if (answer.status < 400 || !answer.body?.startsWith('{"error":')) return answer;
  const { error } = JSON.parse(answer.body) as { error: { message: string } };
  const kept = Object.entries(answer.headers).filter(([name]) => !name.startsWith('x-ms-ratelimit-'));
  const headers = Object.fromEntries(kept);
  if (answer.status === 429) {
    const wait = headers['retry-after'];
    const message =
      wait === undefined ? 'Rate limit is exceeded.' : `Rate limit is exceeded. Try again in ${wait} seconds.`;
    return { ...answer, headers, body: JSON.stringify({ statusCode: 429, message }) };
  }
  const code = CODES.get(answer.status) ?? 800_003;
  return { ...partnerFailure(answer.status, code, error.message, [], headers) };
}

const CODES: ReadonlyMap<number, number> = new Map([
  [401, 400],
  [403, 900_308],
  [404, 1000],
]);
