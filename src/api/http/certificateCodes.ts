/** Whether Node's code for a failure means that a certificate or the TLS handshake is at fault (Node.js: "X509 certificate error codes"). */
export function isCertificateCode(code: string): boolean {
  return /CERT|TLS|SSL|SIGNATURE/.test(code);
}
