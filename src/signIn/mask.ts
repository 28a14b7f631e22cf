const ADDRESS = /[^\s'"<>(){},;@]+@[^\s'"<>(){},;@]+/g;
/** Tokens, secrets, keys: no word, id (36 characters) or code of the service is as long. */
const LONG_WORD = /[A-Za-z0-9+/=_~.-]{40,}/g;
/** JSON web tokens begin with the base64 of `{"`. */
const WEB_TOKEN = /\beyJ[A-Za-z0-9_.-]*/g;

/** Text of others without what must not be shown or logged: e-mail addresses, tokens, and whatever looks like a secret. */
export function withoutSecrets(text: string): string {
  return text.replace(ADDRESS, '…').replace(WEB_TOKEN, '…').replace(LONG_WORD, '…');
}
