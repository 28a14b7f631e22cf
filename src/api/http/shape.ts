import * as v from 'valibot';
import { readJson } from './body.ts';
import type { Answer } from './client.ts';
import { BillingError } from './errors.ts';

/**
 * The body checked against what we rely on. Members that the schema does not name stay; nothing is renamed or converted.
 *
 * @param service what the user calls the service, for the advice
 * @throws BillingError of kind `malformed` that names the member and nothing that stands in it: signatures do
 */
export function readShape<S extends v.GenericSchema>(schema: S, answer: Answer, service: string): v.InferOutput<S> {
  const body = readJson(answer);
  // A list would pass for an object without any of its members, and they may all be left out.
  if (schema.type !== 'array' && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    throw unlike(answer, 'it is not an object', service);
  }
  const result = v.safeParse(schema, body);
  if (result.success) {
    return result.output;
  }
  const [issue] = result.issues;
  if (issue.kind === 'validation') {
    throw unlike(answer, issue.message, service);
  }
  const where = v.getDotPath(issue) ?? 'the answer';
  const found = issue.received.startsWith('"') ? 'a text' : issue.received;
  throw unlike(answer, `'${where}' is ${found}, not ${issue.expected ?? 'as expected'}`, service);
}

/** JSON, but not what the service promises; asking again would bring the same. */
export function unlike(answer: Answer, why: string, service: string): BillingError {
  const { status, requestId, correlationId } = answer;
  return new BillingError('malformed', `the answer has an unexpected shape: ${why}.`, {
    status,
    requestId,
    correlationId,
    advice: `Check that the endpoint is ${service}; report the request id if it is.`,
  });
}
