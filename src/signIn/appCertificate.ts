import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { BillingError } from '../api/http/errors.ts';

/**
 * Looks at a certificate before it is used, because errors from the depths of the cryptography library help nobody.
 *
 * @param pem certificate and private key, one behind the other
 * @param password of the private key, where it is encrypted
 * @throws BillingError of kind `signIn` that says what is missing
 */
export function assertCertificate(pem: string, password: string | undefined): void {
  const certificate = readable(() => new X509Certificate(pem));
  if (certificate === undefined) {
    throw badCertificate(
      'The text has no certificate in it.',
      'Give a PEM text with the certificate and its private key.',
    );
  }
  const key = privateKeyIn(pem, password);
  if (key === undefined) {
    throw badCertificate(
      'The text has no private key that can be read.',
      'Give a PEM text with the certificate and its private key, and the password where the key is encrypted.',
    );
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw badCertificate(
      'The private key is not an RSA key.',
      'The sign-in service takes certificates with RSA keys only.',
    );
  }
  if (!certificate.checkPrivateKey(key)) {
    throw badCertificate(
      'The private key belongs to another certificate.',
      'Give the private key of this certificate.',
    );
  }
}

/** Whether the private key is encrypted (RFC 5958, or the older way of RFC 1421). */
export function isLocked(pem: string): boolean {
  return /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
}

/** Whether a password is that of the private key. */
export function opensKey(pem: string, password: string): boolean {
  return privateKeyIn(pem, password) !== undefined;
}

function privateKeyIn(pem: string, password: string | undefined): KeyObject | undefined {
  return readable(() => createPrivateKey({ key: pem, ...(password === undefined ? {} : { passphrase: password }) }));
}

/** Reasons are left out on purpose: they are the cryptography library's, and one line says all there is to do. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function badCertificate(message: string, advice: string): BillingError {
  return new BillingError('signIn', message, { code: 'badCertificate', advice });
}
