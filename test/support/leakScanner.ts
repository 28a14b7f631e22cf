import type { Transport, WireRequest } from '../../src/api/http/transport.ts';

/** Parameters that are secrets, or pass for one: signatures and the marks of where a list goes on. */
const SECRET_PARAMETERS = /^(sig|\$skiptoken|skiptoken|sessiontoken|downloadtoken|continuationtoken|code|marker)$/i;

/** What must be in no log whatever it holds, by what it looks like. */
const LOOKS_SECRET: readonly [string, RegExp][] = [
  ['a web token', /\beyJ[A-Za-z0-9_-]{6,}/],
  ['an authorization', /\bbearer\s+[A-Za-z0-9]/i],
  ['a signature', /\bsig=(?!…)[^\s&]/i],
  ['a key', /PRIVATE KEY/],
  ['an e-mail address', /[\w.+-]+@[\w-]+\.[a-z]/i],
];

/** Finds in texts what should not be there. It learns it from what is sent, or is told. */
export class LeakScanner {
  readonly #secrets = new Map<string, string>();

  /** Keeps a text to look for. Short ones are found by chance. */
  add(what: string, text: string | undefined): void {
    if (text !== undefined && text.length >= 6) {
      this.#secrets.set(text, what);
    }
  }

  /** How many texts of this kind are looked for. */
  known(what: string): number {
    return [...this.#secrets.values()].filter((kind) => kind === what).length;
  }

  /** The same transport, on which every token, signature, continuation and form is learnt. */
  learning(transport: Transport): Transport {
    return {
      send: (request) => {
        this.#learn(request);
        return transport.send(request);
      },
      close: () => transport.close(),
    };
  }

  #learn({ path, headers, body = '' }: WireRequest): void {
    for (const [name, value] of Object.entries(headers)) {
      if (/^authorization$/i.test(name)) {
        this.add('token', value.replace(/^Bearer /, ''));
      } else if (/continuationtoken/i.test(name)) {
        this.add('continuation', value);
      }
    }
    this.#learnParameters(path.slice(path.indexOf('?') + 1));
    if (/^[\w.-]+=/.test(body)) {
      for (const [name, value] of new URLSearchParams(body)) {
        if (/secret|assertion|code|token|password/i.test(name) && !/_type$/.test(name)) {
          this.add('form', value);
        }
      }
    }
  }

  #learnParameters(query: string): void {
    for (const part of query.split('&')) {
      const [name = '', ...value] = part.split('=');
      if (SECRET_PARAMETERS.test(decodeURIComponent(name))) {
        const written = value.join('=');
        this.add(name.toLowerCase() === 'sig' ? 'signature' : 'continuation', written);
        this.add(name.toLowerCase() === 'sig' ? 'signature' : 'continuation', decodeURIComponent(written));
      }
    }
  }

  /** What was found, each kind with the line that it is in; empty when there is nothing. */
  found(text: string): string[] {
    const lines = text.split('\n');
    const lineOf = (test: (line: string) => boolean) => lines.find(test)?.slice(0, 300) ?? '';
    const told = [...this.#secrets]
      .filter(([secret]) => text.includes(secret))
      .map(([secret, what]) => `${what} in: ${lineOf((line) => line.includes(secret))}`);
    const looks = LOOKS_SECRET.filter(([, pattern]) => pattern.test(text)).map(
      ([what, pattern]) => `${what} in: ${lineOf((line) => pattern.test(line))}`,
    );
    return [...told, ...looks];
  }
}
