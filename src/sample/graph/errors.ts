import { type Answer, json } from '../answers.ts';

/** An error before it has the ids of its request. */
export class GraphRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** An error in Graph's own shape (Microsoft Graph documentation: error responses). `ids` are those on the answer's headers. */
export function graphFailure(
  status: number,
  { code, message }: { readonly code: string; readonly message: string },
  ids: Readonly<Record<string, string>>,
): Answer {
  const innerError = { date: new Date().toISOString().slice(0, 19), ...ids };
  return json({ error: { code, message, innerError } }, status);
}

/** Errors of faults, which have the shape and the headers of Azure Resource Manager, as Graph gives them. */
export function inGraphShape(answer: Answer, ids: Readonly<Record<string, string>>): Answer {
  if (answer.status < 400 || !answer.body?.startsWith('{"error":')) return answer;
  const { error } = JSON.parse(answer.body) as { error: { code: string; message: string } };
  const code = CODES.get(answer.status) ?? error.code;
  const kept = Object.entries(answer.headers).filter(([name]) => !name.startsWith('x-ms-ratelimit-'));
  const waits = Object.entries(answer.headers).flatMap(([name, value]) =>
    /-retry-after$/.test(name) ? [Number(value)] : [],
  );
  // Graph has one header for them.
  if (waits.length > 0) kept.push(['retry-after', String(Math.max(...waits))]);
  const whole = graphFailure(answer.status, { code, message: error.message }, ids);
  return { ...whole, headers: { ...whole.headers, ...Object.fromEntries(kept) } };
}

const CODES: ReadonlyMap<number, string> = new Map([
  [403, 'Authorization_RequestDenied'],
  [429, 'TooManyRequests'],
  [500, 'generalException'],
  [503, 'serviceNotAvailable'],
]);
