import { maskUrl } from './errors.ts';

const WEB_ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>]+/gi;
const MAIL_ADDRESS = /[^\s'"<>(){},;:/@…]+@[^\s'"<>(){},;@]+/g;
/** JSON web tokens begin with the base64 of `{"`. */
const WEB_TOKEN = /\beyJ[A-Za-z0-9_.-]*/g;

/**
 * Words of a service, or of an error that quotes some, as they may be kept in a log: without e-mail addresses and web tokens, and
 * web addresses masked as those of calls are.
 */
export function maskText(text: string): string {
  return text.replace(WEB_ADDRESS, maskUrl).replace(MAIL_ADDRESS, '…').replace(WEB_TOKEN, '…');
}
