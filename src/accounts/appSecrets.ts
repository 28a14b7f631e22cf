import type { SecretStorage } from 'vscode';
import { asRecord } from '../api/http/errors.ts';
import type { Connection } from '../contributions.ts';
import type { AppProof } from '../signIn/credentialSpec.ts';
import { servicesOf } from './services.ts';

/**
 * The secrets of app registrations, in the editor's encrypted storage and nowhere else. A secret is kept by what it belongs to
 * (who gives the tokens, tenant, app) rather than by the name of a connection: a connection that is renamed still has it, and one
 * that is given another authority has none, so that a secret never reaches a sign-in service that it was not typed in for.
 */
export class AppSecrets {
  readonly #storage: SecretStorage;

  constructor(storage: SecretStorage) {
    this.#storage = storage;
  }

  async get(connection: Connection): Promise<AppProof | undefined> {
    const text = await this.#storage.get(secretKey(connection));
    if (text === undefined) {
      return undefined;
    }
    const { secret, certificate, password } = asRecord(JSON.parse(text));
    if (typeof secret === 'string') {
      return { secret };
    }
    return typeof certificate === 'string'
      ? { certificate, ...(typeof password === 'string' ? { password } : {}) }
      : undefined;
  }

  async store(connection: Connection, proof: AppProof): Promise<void> {
    await this.#storage.store(secretKey(connection), JSON.stringify(proof));
  }

  /** Deletes the secret of a connection that is gone, unless another one signs in with the same app. */
  async forget(connection: Connection, others: readonly Connection[]): Promise<void> {
    const key = secretKey(connection);
    if (!others.some((other) => other.credential === 'servicePrincipal' && secretKey(other) === key)) {
      await this.#storage.delete(key);
    }
  }
}

function secretKey(connection: Connection): string {
  const { tenantId, clientId } = connection;
  return `app:${JSON.stringify([servicesOf(connection).authority, tenantId, clientId])}`;
}
