import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { GraphClient } from '../api/graph/graphClient.ts';
import type { Exchange } from '../api/http/client.ts';
import type { QuotaScheduler } from '../api/http/quota.ts';
import type { QuotaSnapshot } from '../api/http/quotaSnapshot.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { type Connection, type Endpoints, SAMPLE_CONNECTION } from '../contributions.ts';
import type { Clients } from './clients.ts';
import { ConnectionError, parseConnection } from './connection.ts';
import type { SampleTenant } from './sampleTenant.ts';

const SETTING = 'azureBilling.connections';
const SAMPLE_KEY = 'sampleAdded';

/**
 * The connections of the tree: the entries of the setting, and the sample tenant when it was added. Their API clients are made
 * when first used; nothing is loaded or sent before.
 */
export class Connections implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<readonly string[]>();
  /** The list changed; with the names of the connections that are gone or lead to another service now. */
  readonly onDidChange = this.#changed.event;
  readonly #quotaChanged = new vscode.EventEmitter<void>();
  /** A limit of the service was used, told or waited for; comes with every answer. */
  readonly onDidChangeQuota = this.#quotaChanged.event;
  readonly #state: vscode.Memento;
  readonly #tenant: SampleTenant;
  readonly #log: vscode.LogOutputChannel;
  readonly #quotas = new Map<string, QuotaScheduler>();
  readonly #clients = new Map<string, Promise<Clients>>();
  readonly #subscription: vscode.Disposable;
  #sample: boolean;
  #known: Map<string, string>;

  constructor(state: vscode.Memento, tenant: SampleTenant, sampleWanted: boolean, log: vscode.LogOutputChannel) {
    this.#state = state;
    this.#sample = sampleWanted || state.get(SAMPLE_KEY, false);
    this.#tenant = tenant;
    this.#log = log;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SETTING)) {
        this.#settingChanged();
      }
    });
    this.#known = this.#addresses();
  }

  /** Where each connection of the setting leads. */
  #addresses(): Map<string, string> {
    return new Map(
      this.#configured().flatMap(({ name, connection }) =>
        connection === undefined ? [] : [[name, JSON.stringify(connection.endpoints)]],
      ),
    );
  }

  #settingChanged(): void {
    const now = this.#addresses();
    const changed = [...this.#known].filter(([name, address]) => now.get(name) !== address).map(([name]) => name);
    this.#known = now;
    this.#forgetClients(changed);
    this.#changed.fire(changed);
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
      this.#changed.fire([]);
    }
    return SAMPLE_CONNECTION;
  }

  /** @throws ConnectionError when the entry is wrong or its name is taken */
  async add(value: unknown): Promise<Connection> {
    const connection = parseConnection(value);
    if (this.find(connection.name) !== undefined) {
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
    const endpoints = (await this.#tenant.runningAt()) ?? { resourceManager: 'http://127.0.0.1:0' };
    this.#sample = false;
    await this.#state.update(SAMPLE_KEY, false);
    this.#forgetClients([SAMPLE_CONNECTION]);
    this.#changed.fire([SAMPLE_CONNECTION]);
    await this.#tenant.stop();
    return { name: SAMPLE_CONNECTION, cloud: 'custom', credential: 'none', endpoints };
  }

  #entries(): unknown[] {
    const value = vscode.workspace.getConfiguration().inspect<unknown>(SETTING)?.globalValue;
    return Array.isArray(value) ? value : [];
  }

  async #write(entries: unknown[]): Promise<void> {
    await vscode.workspace.getConfiguration().update(SETTING, entries, vscode.ConfigurationTarget.Global);
  }

  async #endpoints(name: string): Promise<Endpoints> {
    if (name === SAMPLE_CONNECTION) {
      return this.#tenant.endpoints();
    }
    const endpoints = this.#configured().find((entry) => entry.name === name)?.connection?.endpoints;
    if (endpoints === undefined) {
      throw new ConnectionError(`connection: there is no connection '${name}'.`);
    }
    return endpoints;
  }

  /**
   * Azure Resource Manager of a connection. Clients are made once and kept until the connection leads elsewhere or is removed.
   *
   * @throws ConnectionError when there is no such connection
   */
  async arm(name: string): Promise<ArmClient> {
    return (await this.#clientsOf(name)).arm;
  }

  /** @throws ConnectionError when there is no such connection, or it has no Partner Center */
  async partnerCenter(name: string): Promise<PartnerCenterClient> {
    return (await this.#clientsOf(name)).partnerCenter();
  }

  /** @throws ConnectionError when there is no such connection, or it has no Microsoft Graph */
  async graph(name: string): Promise<GraphClient> {
    return (await this.#clientsOf(name)).graph();
  }

  /** Whether a connection has a Partner Center. Nothing is loaded or sent. */
  hasPartnerCenter(name: string): boolean {
    return this.#has(name, 'partnerCenter');
  }

  /** Whether a connection has a Microsoft Graph. Nothing is loaded or sent. */
  hasGraph(name: string): boolean {
    return this.#has(name, 'graph');
  }

  #has(name: string, service: keyof Endpoints): boolean {
    // An address that was written as text has its connection in small letters.
    const found = this.find(name);
    return (
      found === SAMPLE_CONNECTION ||
      this.#configured().some((entry) => entry.name === found && entry.connection?.endpoints[service] !== undefined)
    );
  }

  #clientsOf(name: string): Promise<Clients> {
    const found = this.find(name);
    if (found === undefined) {
      throw new ConnectionError(
        `connection: there is no connection '${name}'. Add it, or use one of: ${this.#names()}.`,
      );
    }
    let clients = this.#clients.get(found);
    if (clients === undefined) {
      const fresh = this.#create(found);
      this.#clients.set(found, fresh);
      fresh.catch(() => {
        if (this.#clients.get(found) === fresh) {
          this.#clients.delete(found);
        }
      });
      clients = fresh;
    }
    return clients;
  }

  /** The limits of the connections that were used. */
  quotas(): { connection: string; snapshot: QuotaSnapshot }[] {
    return [...this.#quotas].map(([connection, quota]) => ({ connection, snapshot: quota.snapshot() }));
  }

  #names(): string {
    return (
      this.list()
        .map((entry) => entry.name)
        .join(', ') || 'none yet'
    );
  }

  async #create(name: string): Promise<Clients> {
    const [{ createClients }, endpoints] = await Promise.all([import('./clients.ts'), this.#endpoints(name)]);
    const clients = createClients(name, endpoints, (exchange) => this.#note(name, exchange));
    clients.quota.onDidChange(() => this.#quotaChanged.fire());
    this.#quotas.set(name, clients.quota);
    return clients;
  }

  #note(connection: string, exchange: Exchange): void {
    const outcome = exchange.status ?? exchange.failure ?? 'no answer';
    const again = exchange.attempt === 0 ? '' : ` (attempt ${exchange.attempt + 1})`;
    const ids = [
      exchange.requestId === undefined ? '' : ` request ${exchange.requestId}`,
      exchange.correlationId === undefined ? '' : ` correlation ${exchange.correlationId}`,
    ].join('');
    this.#log.info(
      `[${connection}] ${exchange.method} ${exchange.url} → ${outcome} in ${exchange.milliseconds} ms${again}${ids}`,
    );
  }

  /** Ends the clients of these connections; requests under way fail. The others go on. */
  #forgetClients(names: readonly string[]): void {
    for (const name of names) {
      const client = this.#clients.get(name);
      this.#clients.delete(name);
      this.#quotas.delete(name);
      client?.then(({ close }) => close()).catch(() => {});
    }
    this.#quotaChanged.fire();
  }

  dispose(): void {
    this.#forgetClients([...this.#clients.keys()]);
    this.#subscription.dispose();
    this.#changed.dispose();
    this.#quotaChanged.dispose();
    this.#tenant.stop().catch(() => {});
  }
}
