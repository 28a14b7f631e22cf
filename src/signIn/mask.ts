import { maskText } from '../api/http/mask.ts';

/** Tokens, secrets, keys: no word, id (36 characters) or code of the service is as long. */
const LONG_WORD = /[A-Za-z0-9+/=_~.-]{40,}/g;

/** Text of others without what must not be shown or logged: e-mail addresses, tokens, and whatever looks like a secret. */
export function withoutSecrets(text: string): string {
  return maskText(text).replace(LONG_WORD, '…');
}
