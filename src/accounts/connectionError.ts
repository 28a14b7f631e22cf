/** A connection entry is wrong, or there is no such connection; the message begins with the field. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}
