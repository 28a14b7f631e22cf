import { badRequest, type SampleRequest } from './answers.ts';

/** The body as JSON, for bodies whose numbers do not matter; a 400 when it is none. */
export function jsonBody({ body }: SampleRequest): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ''));
  } catch {
    throw badRequest('The body of the request is not JSON.');
  }
}
