import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { Exchange } from '../api/http/client.ts';
import { type Connection, SAMPLE_CONNECTION } from '../contributions.ts';
import { ConnectionError, parseConnection } from './connection.ts';
import type { SampleTenant } from './sampleTenant.ts';

const SETTING = 'azureBilling.connections';
const SAMPLE_KEY = 'sampleAdded';

/**
 * The connections of the tree: the entries of the setting, and the sample tenant when it was added. Their API clients are made
 * when first used; nothing is loaded or sent before.
 */
export class Connections implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #state: vscode.Memento;
  readonly #tenant: SampleTenant;
  readonly #log: vscode.LogOutputChannel;
  readonly #clients = new Map<string, Promise<{ arm: ArmClient; close(): Promise<void> }>>();
  readonly #subscription: vscode.Disposable;
  #sample: boolean;

  constructor(state: vscode.Memento, tenant: SampleTenant, sampleWanted: boolean, log: vscode.LogOutputChannel) {
    this.#state = state;
    this.#sample = sampleWanted || state.get(SAMPLE_KEY, false);
    this.#tenant = tenant;
    this.#log = log;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SETTING)) {
        this.#forgetClients();
        this.#changed.fire();
      }
    });
  }

  /** The names in the order of the tree, with what is wrong with a malformed entry. */
  list(): { name: string; sample: boolean; problem?: string }[] {
    const listed = this.#configured().map(({ name, problem }) => ({
      name,
      sample: false,
      ...(problem === undefined ? {} : { problem }),
    }));
    return this.#sample ? [{ name: SAMPLE_CONNECTION, sample: true }, ...listed] : listed;
  }

  #configured(): { name: string; connection?: Connection; problem?: string }[] {
    const value = vscode.workspace.getConfiguration().get<unknown>(SETTING, []);
    if (!Array.isArray(value)) {
      return [{ name: SETTING, problem: `${SETTING}: has to be a list of connections.` }];
    }
    const taken = new Set([SAMPLE_CONNECTION.toLowerCase()]);
    return value.map((entry: unknown, index) => {
      try {
        const connection = parseConnection(entry);
        if (taken.has(connection.name.toLowerCase())) {
          throw new ConnectionError(`name: '${connection.name}' is taken already.`);
        }
        taken.add(connection.name.toLowerCase());
        return { name: connection.name, connection };
      } catch (error) {
        const problem = error instanceof ConnectionError ? error.message : String(error);
        return { name: `Connection ${index + 1}`, problem: `${SETTING}, entry ${index + 1}: ${problem}` };
      }
    });
  }

  /** The name as it is written in the settings, whatever case it is asked for in. */
  find(name: unknown): string | undefined {
    const wanted = String(name).toLowerCase();
    return this.list().find((entry) => entry.problem === undefined && entry.name.toLowerCase() === wanted)?.name;
  }

  /** Adds the sample tenant to the tree; it stays there over restarts until it is removed. */
  async addSample(): Promise<string> {
    if (!this.#sample) {
      this.#sample = true;
      await this.#state.update(SAMPLE_KEY, true);
      this.#changed.fire();
    }
    return SAMPLE_CONNECTION;
  }

  /** @throws ConnectionError when the entry is wrong or its name is taken */
  async add(value: unknown): Promise<Connection> {
    const connection = parseConnection(value);
    if (this.list().some((entry) => entry.name.toLowerCase() === connection.name.toLowerCase())) {
      throw new ConnectionError(`name: '${connection.name}' is taken already.`);
    }
    await this.#write([...this.#entries(), connection]);
    return connection;
  }

  /** @throws ConnectionError when there is no such connection */
  async remove(name: unknown): Promise<Connection> {
    const found = this.find(name);
    if (found === undefined) {
      throw new ConnectionError(`connection: there is no connection '${String(name)}'.`);
    }
    if (found === SAMPLE_CONNECTION) {
      return this.#removeSample();
    }
    const configured = this.#configured();
    const at = configured.findIndex((entry) => entry.name === found);
    await this.#write(this.#entries().filter((_, index) => index !== at));
    return configured[at]?.connection as Connection;
  }

  async #removeSample(): Promise<Connection> {
    const resourceManager = await this.#tenant.address();
    this.#sample = false;
    await this.#state.update(SAMPLE_KEY, false);
    this.#forgetClients();
    await this.#tenant.stop();
    this.#changed.fire();
    return { name: SAMPLE_CONNECTION, cloud: 'custom', credential: 'none', endpoints: { resourceManager } };
  }

  #entries(): unknown[] {
    const value = vscode.workspace.getConfiguration().inspect<unknown>(SETTING)?.globalValue;
    return Array.isArray(value) ? value : [];
  }

  async #write(entries: unknown[]): Promise<void> {
    await vscode.workspace.getConfiguration().update(SETTING, entries, vscode.ConfigurationTarget.Global);
  }

  async #endpoints(name: string): Promise<{ resourceManager: string }> {
    if (name === SAMPLE_CONNECTION) {
      return { resourceManager: await this.#tenant.address() };
    }
    const endpoints = this.#configured().find((entry) => entry.name === name)?.connection?.endpoints;
    if (endpoints === undefined) {
      throw new ConnectionError(`connection: there is no connection '${name}'.`);
    }
    return endpoints;
  }

  /**
   * The client of a connection; made once and kept until the settings change.
   *
   * @throws ConnectionError when there is no such connection
   */
  async arm(name: string): Promise<ArmClient> {
    const found = this.find(name);
    if (found === undefined) {
      throw new ConnectionError(
        `connection: there is no connection '${name}'. Add it, or use one of: ${this.#names()}.`,
      );
    }
    let client = this.#clients.get(found);
    if (client === undefined) {
      client = this.#create(found);
      this.#clients.set(found, client);
      client.catch(() => this.#clients.delete(found));
    }
    return (await client).arm;
  }

  #names(): string {
    return (
      this.list()
        .map((entry) => entry.name)
        .join(', ') || 'none yet'
    );
  }

  async #create(name: string): Promise<{ arm: ArmClient; close(): Promise<void> }> {
    const [{ createArmClient }, { createUndiciTransport }, { resourceManager }] = await Promise.all([
      import('../api/arm/armClient.ts'),
      import('../api/http/undiciTransport.ts'),
      this.#endpoints(name),
    ]);
    const transport = createUndiciTransport();
    const arm = createArmClient({ transport, base: resourceManager, log: (exchange) => this.#note(name, exchange) });
    return { arm, close: () => transport.close() };
  }

  #note(connection: string, exchange: Exchange): void {
    const outcome = exchange.status ?? exchange.failure ?? 'no answer';
    const again = exchange.attempt === 0 ? '' : ` (attempt ${exchange.attempt + 1})`;
    const ids = exchange.requestId === undefined ? '' : ` request ${exchange.requestId}`;
    this.#log.info(
      `[${connection}] ${exchange.method} ${exchange.url} → ${outcome} in ${exchange.milliseconds} ms${again}${ids}`,
    );
  }

  #forgetClients(): void {
    for (const client of this.#clients.values()) {
      client.then(({ close }) => close()).catch(() => {});
    }
    this.#clients.clear();
  }

  dispose(): void {
    this.#forgetClients();
    this.#subscription.dispose();
    this.#changed.dispose();
    this.#tenant.stop().catch(() => {});
  }
}
