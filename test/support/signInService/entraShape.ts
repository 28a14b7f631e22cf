import { randomUUID } from 'node:crypto';

/** Errors as the Microsoft identity platform writes them: a number in the description and beside it, and ids for its log. */
export interface EntraError {
  error: string;
  error_description: string;
  error_codes: number[];
  timestamp: string;
  trace_id: string;
  correlation_id: string;
  error_uri: string;
  suberror?: string;
  claims?: string;
}

export function entraError(
  number: number,
  error: string,
  words: string,
  more: { suberror?: string; claims?: string } = {},
): EntraError {
  const ids = { trace: randomUUID(), correlation: randomUUID() };
  const timestamp = new Date().toISOString().replace('T', ' ').replace(/\.\d+/, '');
  return {
    error,
    error_description: `AADSTS${number}: ${words} Trace ID: ${ids.trace} Correlation ID: ${ids.correlation} Timestamp: ${timestamp}`,
    error_codes: [number],
    timestamp,
    trace_id: ids.trace,
    correlation_id: ids.correlation,
    error_uri: `https://login.example/error?code=${number}`,
    ...more,
  };
}

export function tenantNotFound(tenant: string): EntraError {
  return entraError(
    90002,
    'invalid_request',
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  );
}

export function unknownApp(clientId: string): EntraError {
  return entraError(
    700016,
    'unauthorized_client',
    `Application with identifier '${clientId}' was not found in the directory.`,
  );
}

/** What the provider said, in the platform's words. */
export function asEntraError(
  body: { error: string; error_description?: string },
  form: Readonly<Record<string, string | undefined>>,
): object {
  switch (body.error) {
    case 'authorization_pending':
      return entraError(70016, body.error, 'OAuth 2.0 device flow error. Authorization is pending.');
    case 'access_denied':
      return entraError(70018, 'authorization_declined', 'The user declined to continue.');
    case 'expired_token':
      return entraError(70020, body.error, 'The provided value for the input parameter device_code has expired.');
    case 'invalid_client':
      return form.client_assertion === undefined
        ? entraError(7000215, body.error, `Invalid client secret provided for app '${form.client_id}'.`)
        : entraError(700027, body.error, 'The certificate used to sign the client assertion is not registered.');
    case 'invalid_grant':
      return entraError(700082, body.error, 'The refresh token has expired due to inactivity.');
    default:
      return body;
  }
}
