import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { Asked } from './control.ts';

/** Home tenant of everybody who does not name another. */
const HOME = '00000000-0000-4000-8000-0000000000aa';

/**
 * A provider in the way of the editor's Microsoft one: scopes name the audience, `VSCODE_TENANT:` and `VSCODE_CLIENT_ID:`; who has
 * signed in with an app gets tokens for its other audiences without being asked.
 */
export class TestProvider implements vscode.AuthenticationProvider {
  readonly #changed = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.#changed.event;
  /** Account and app of everybody who signed in. */
  readonly #signedIn = new Set<string>();
  readonly #accounts = new Set<string>();
  readonly asked: Asked[] = [];
  /** Who signs in next. */
  next = 'ada@harbourlight.example';
  #serial = 0;

  async getSessions(
    scopes: readonly string[] | undefined,
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    if (scopes === undefined) {
      return [...this.#accounts].map((label) => this.#session(['accounts'], label));
    }
    this.asked.push({ how: 'silent', scopes, account: account?.label });
    return [...this.#accounts]
      .filter((label) => account === undefined || account.label === label)
      .filter((label) => this.#signedIn.has(`${label} ${appOf(scopes)}`))
      .map((label) => this.#session(scopes, label));
  }

  async createSession(
    scopes: readonly string[],
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession> {
    this.asked.push({ how: 'person', scopes, account: account?.label });
    const label = account?.label ?? this.next;
    this.#serial++;
    this.#accounts.add(label);
    this.#signedIn.add(`${label} ${appOf(scopes)}`);
    const session = this.#session(scopes, label);
    this.#changed.fire({ added: [session], removed: [], changed: [] });
    return session;
  }

  async removeSession(id: string): Promise<void> {
    this.signOut(id.split(' ')[0] ?? '');
  }

  signOut(label: string): void {
    this.#accounts.delete(label);
    for (const key of [...this.#signedIn].filter((known) => known.startsWith(`${label} `))) {
      this.#signedIn.delete(key);
    }
    this.#changed.fire({ added: [], removed: [this.#session(['accounts'], label)], changed: [] });
  }

  #session(scopes: readonly string[], label: string): vscode.AuthenticationSession {
    const audience = scopes.find((scope) => scope.endsWith('/.default'))?.slice(0, -'/.default'.length);
    const payload = {
      aud: audience,
      tid: part(scopes, 'VSCODE_TENANT:') ?? HOME,
      oid: idOf(label),
      appid: appOf(scopes),
      exp: Math.floor(Date.now() / 1000) + 3600,
      // Only a person's sign-in brings what a claims challenge asks for.
      jti: this.#serial,
    };
    const encoded = [{ alg: 'none' }, payload].map((text) => Buffer.from(JSON.stringify(text)).toString('base64url'));
    return {
      id: `${label} ${scopes.join(' ')}`,
      accessToken: `${encoded.join('.')}.c2lnbmF0dXJl`,
      account: { id: idOf(label), label },
      scopes,
    };
  }
}

function appOf(scopes: readonly string[]): string {
  return part(scopes, 'VSCODE_CLIENT_ID:') ?? 'editor';
}

function part(scopes: readonly string[], prefix: string): string | undefined {
  return scopes.find((scope) => scope.startsWith(prefix))?.slice(prefix.length);
}

function idOf(label: string): string {
  return createHash('sha256').update(label).digest('hex').slice(0, 16);
}
