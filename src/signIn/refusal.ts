import { asRecord } from '../api/http/errors.ts';

/** An error of the sign-in service (RFC 6749, 5.2, with what the Microsoft identity platform adds). */
export interface Refusal {
  /** E.g. `invalid_client`. */
  error: string;
  /** E.g. `AADSTS7000215`. */
  code: string | undefined;
  /** The service's words; they may name people. */
  description: string;
  correlationId: string | undefined;
  traceId: string | undefined;
}

const CODE = /\bAADSTS(\d{4,8})\b/;

/** Reads an answer with an error status; undefined when it is not an error as the protocol has it: a proxy's page, say. */
export function readRefusal(text: string): Refusal | undefined {
  let body: Record<string, unknown>;
  try {
    body = asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
  if (typeof body.error !== 'string') {
    return undefined;
  }
  const description = typeof body.error_description === 'string' ? body.error_description : '';
  const [number] = Array.isArray(body.error_codes) ? body.error_codes : [];
  return {
    error: body.error,
    code: codeIn(description) ?? (typeof number === 'number' ? `AADSTS${number}` : undefined),
    description,
    correlationId: textOf(body.correlation_id),
    traceId: textOf(body.trace_id),
  };
}

/** Reads what a command-line tool passed on of such an error; undefined when there is none in it. */
export function refusalIn(text: string): Refusal | undefined {
  const code = codeIn(text);
  return code === undefined
    ? undefined
    : {
        error: '',
        code,
        description: text.slice(text.indexOf(code)),
        correlationId: /Correlation ID:\s*([0-9a-f-]{36})/i.exec(text)?.[1],
        traceId: /Trace ID:\s*([0-9a-f-]{36})/i.exec(text)?.[1],
      };
}

function codeIn(text: string): string | undefined {
  return CODE.exec(text)?.[0];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
