/** An address that is not where a token may go, however much it looks so. */
export interface LinkTrick {
  what: string;
  /** @param host the service's own; @param other another service of the same connection */
  link(host: string, other: string): string;
  /** Where a browser would end up with it, told on a page of the service. */
  leads: 'away' | 'home' | 'nowhere';
  /** It holds characters that a header cannot. */
  bodyOnly?: true;
}

const PATH = '/next?page=2';

/** Addresses that a check of hosts by text, or by another reading of addresses than the sender's, lets through. */
export const LINK_TRICKS: readonly LinkTrick[] = [
  { what: 'a foreign host', leads: 'away', link: () => `https://evil.example${PATH}` },
  { what: 'another service of the connection', leads: 'away', link: (_, other) => `https://${other}${PATH}` },
  { what: 'http in place of https', leads: 'away', link: (host) => `http://${host}${PATH}` },
  { what: 'http with the port of https', leads: 'away', link: (host) => `http://${host}:443${PATH}` },
  { what: 'another port', leads: 'away', link: (host) => `https://${host}:8443${PATH}` },
  { what: 'the own host as a user name', leads: 'away', link: (host) => `https://${host}@evil.example${PATH}` },
  { what: 'the own host and a password', leads: 'away', link: (host) => `https://${host}:443@evil.example${PATH}` },
  { what: 'an encoded own host before an @', leads: 'away', link: (host) => `https://${host}%2f@evil.example${PATH}` },
  { what: 'a user name on the own host', leads: 'home', link: (host) => `https://user:word@${host}${PATH}` },
  { what: 'a host that begins like the own', leads: 'away', link: (host) => `https://${host}.evil.example${PATH}` },
  { what: 'a host that goes on where the own ends', leads: 'away', link: (host) => `https://${host}x${PATH}` },
  { what: 'a host that ends like the own', leads: 'away', link: (host) => `https://evil${host}${PATH}` },
  { what: 'a host below the own', leads: 'away', link: (host) => `https://evil.${host}${PATH}` },
  { what: 'a host above the own', leads: 'away', link: (host) => `https://${host.replace(/^[^.]+\./, '')}${PATH}` },
  { what: 'a trailing dot', leads: 'away', link: (host) => `https://${host}.${PATH}` },
  { what: 'a Cyrillic letter', leads: 'away', link: (host) => `https://${host.replace('a', '\u0430')}${PATH}` },
  { what: 'a dotless i', leads: 'away', link: (host) => `https://${host.replace(/[il]/, '\u0131')}${PATH}` },
  { what: 'a full stop of another script', leads: 'away', link: (host) => `https://${host}\u3002evil.example${PATH}` },
  { what: 'the address of the cloud’s metadata', leads: 'away', link: () => 'http://169.254.169.254/metadata' },
  { what: 'this machine, as a number', leads: 'away', link: () => `https://2130706433${PATH}` },
  { what: 'no scheme', leads: 'away', link: () => `//evil.example${PATH}` },
  { what: 'no scheme and a slash too many', leads: 'away', link: () => `///evil.example${PATH}` },
  { what: 'no scheme and the own host as a user', leads: 'away', link: (host) => `//${host}@evil.example${PATH}` },
  { what: 'a scheme without slashes', leads: 'away', link: () => `http:evil.example${PATH}` },
  { what: 'one slash too many', leads: 'away', link: () => `https:///evil.example${PATH}` },
  { what: 'backslashes', leads: 'away', link: () => 'https:\\\\evil.example\\next' },
  { what: 'backslashes without a scheme', leads: 'away', link: () => '\\\\evil.example\\next' },
  { what: 'a slash and a backslash', leads: 'away', link: () => `/\\evil.example${PATH}` },
  { what: 'a backslash behind a foreign host', leads: 'away', link: (host) => `https://evil.example\\@${host}${PATH}` },
  { what: 'a backslash behind the own host', leads: 'home', link: (host) => `https://${host}\\@evil.example${PATH}` },
  { what: 'the own host in the query', leads: 'away', link: (host) => `https://evil.example?@${host}${PATH}` },
  { what: 'the own host in the fragment', leads: 'away', link: (host) => `https://evil.example#@${host}${PATH}` },
  { what: 'an encoded dot', leads: 'away', link: (host) => `https://${host}%2eevil.example${PATH}` },
  { what: 'an encoded @', leads: 'nowhere', link: (host) => `https://${host}%40evil.example${PATH}` },
  { what: 'an encoded null', leads: 'nowhere', link: (host) => `https://${host}%00.evil.example${PATH}` },
  { what: 'a blank in the host', leads: 'nowhere', link: (host) => `https://${host} .evil.example${PATH}` },
  { what: 'a blank before it', leads: 'away', link: () => `  https://evil.example${PATH}`, bodyOnly: true },
  { what: 'a tab in the scheme', leads: 'away', link: () => `ht\ttps://evil.example${PATH}` },
  { what: 'a tab between the slashes', leads: 'away', link: () => `/\t/evil.example${PATH}` },
  { what: 'a tab in the host', leads: 'away', link: (host) => `https://${host}\t.evil.example${PATH}` },
  {
    what: 'a new line in the host',
    leads: 'away',
    link: (host) => `https://${host}\r\n.evil.example${PATH}`,
    bodyOnly: true,
  },
  { what: 'a new line before it', leads: 'away', link: () => `\n//evil.example${PATH}`, bodyOnly: true },
  {
    what: 'headers behind a new line',
    leads: 'home',
    link: (host) => `https://${host}/next\r\nHost: evil.example\r\n\r\n`,
    bodyOnly: true,
  },
  { what: 'a file', leads: 'nowhere', link: () => 'file:///etc/passwd' },
  { what: 'data', leads: 'nowhere', link: () => 'data:application/json,{}' },
  { what: 'another protocol', leads: 'nowhere', link: (host) => `ftp://${host}${PATH}` },
  { what: 'a web socket', leads: 'nowhere', link: (host) => `wss://${host}${PATH}` },
];
