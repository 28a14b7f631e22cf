import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { GraphClient } from '../api/graph/graphClient.ts';
import type { QuotaScheduler } from '../api/http/quota.ts';
import type { QuotaSnapshot } from '../api/http/quotaSnapshot.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { type Connection, type Endpoints, SAMPLE_CONNECTION } from '../contributions.ts';
import type { Clients } from './clients.ts';
import { ConnectionError } from './connectionError.ts';
import { CONNECTIONS_SETTING, configuredConnections } from './connectionSetting.ts';
import type { SignInStores } from './credentials.ts';
import { exchangeLine } from './exchangeLine.ts';
import type { AskedAs } from './origin.ts';
import type { SampleTenant } from './sampleTenant.ts';
import { servicesOf } from './services.ts';

const SAMPLE_KEY = 'sampleAdded';

export interface ConnectionsOptions extends SignInStores {
  tenant: SampleTenant;
  /** Shows the sample tenant though nobody added it. */
  sampleWanted: boolean;
  log: vscode.LogOutputChannel;
}

/**
 * The connections of the tree: the entries of the setting, and the sample tenant when it was added. Their API clients are made
 * when first used; nothing is loaded or sent before.
 */
export class Connections implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<readonly string[]>();
  /** The list changed; with the names of the connections that are gone, lead to another service, or see with other eyes now. */
  readonly onDidChange = this.#changed.event;
  readonly #quotaChanged = new vscode.EventEmitter<void>();
  /** A limit of the service was used, told or waited for; comes with every answer. */
  readonly onDidChangeQuota = this.#quotaChanged.event;
  readonly #options: ConnectionsOptions;
  readonly #quotas = new Map<string, QuotaScheduler>();
  readonly #clients = new Map<string, Promise<Clients>>();
  readonly #subscription: vscode.Disposable;
  #sample: boolean;
  #known: Map<string, string>;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#sample = options.sampleWanted || options.state.get(SAMPLE_KEY, false);
    this.#subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(CONNECTIONS_SETTING)) {
        this.#settingChanged();
      }
    });
    this.#known = identities();
  }

  #settingChanged(): void {
    const now = identities();
    const changed = [...this.#known].filter(([name, identity]) => now.get(name) !== identity).map(([name]) => name);
    this.#known = now;
    this.#forgetClients(changed);
    this.#changed.fire(changed);
  }

  /** The names in the order of the tree, with what is wrong with a malformed entry. */
  list(): { name: string; sample: boolean; signsIn: boolean; problem?: string }[] {
    const listed = configuredConnections().map(({ name, connection, problem }) => ({
      name,
      sample: false,
      signsIn: connection !== undefined && connection.credential !== 'none',
      ...(problem === undefined ? {} : { problem }),
    }));
    return this.#sample ? [{ name: SAMPLE_CONNECTION, sample: true, signsIn: false }, ...listed] : listed;
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
      await this.#options.state.update(SAMPLE_KEY, true);
      this.#changed.fire([]);
    }
    return SAMPLE_CONNECTION;
  }

  /** Ends the sample service of this window. */
  async removeSample(): Promise<Connection> {
    const endpoints = (await this.#options.tenant.runningAt()) ?? { resourceManager: 'http://127.0.0.1:0' };
    this.#sample = false;
    await this.#options.state.update(SAMPLE_KEY, false);
    this.#forgetClients([SAMPLE_CONNECTION]);
    this.#changed.fire([SAMPLE_CONNECTION]);
    await this.#options.tenant.stop();
    return sampleConnection(endpoints);
  }

  /** A connection with everything that it leads to. @throws ConnectionError when there is no such connection */
  async connectionOf(name: string): Promise<Connection> {
    const found = this.find(name);
    return found === SAMPLE_CONNECTION
      ? sampleConnection(await this.#options.tenant.endpoints())
      : this.configured(name);
  }

  /**
   * Azure Resource Manager of a connection. Clients are made once and kept until the connection leads elsewhere or is removed.
   *
   * @throws ConnectionError when there is no such connection
   */
  async arm(name: string): Promise<ArmClient> {
    return (await this.clientsOf(name)).arm;
  }

  /** @throws ConnectionError when there is no such connection, or it has no Partner Center */
  async partnerCenter(name: string): Promise<PartnerCenterClient> {
    return (await this.clientsOf(name)).partnerCenter();
  }

  /** @throws ConnectionError when there is no such connection, or it has no Microsoft Graph */
  async graph(name: string): Promise<GraphClient> {
    return (await this.clientsOf(name)).graph();
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
      this.all().some((connection) => connection.name === found && servicesOf(connection)[service] !== undefined)
    );
  }

  /** All clients of a connection. @throws ConnectionError when there is no such connection */
  clientsOf(name: string): Promise<Clients> {
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

  /**
   * Where a connection asks, and as whom, in a text that tells neither: what was kept of others is not shown. The sample tenant is
   * another one for every day that it is started on.
   *
   * @throws ConnectionError when there is no such connection
   */
  async askedAs(name: string): Promise<AskedAs> {
    const found = this.find(name);
    if (found === SAMPLE_CONNECTION) {
      return { origin: `sample ${this.#options.tenant.day}`, turn: undefined };
    }
    const { askedAs } = await import('./origin.ts');
    return askedAs(this.configured(name), (await this.clientsOf(name)).signIn);
  }

  /** What a connection showed was seen with other eyes: it is dropped, and what is open is fetched anew. */
  announceSignIn(name: string): void {
    this.#changed.fire([name]);
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

  /** The entries of the setting that are right. */
  all(): Connection[] {
    return configuredConnections().flatMap(({ connection }) => (connection === undefined ? [] : [connection]));
  }

  /** An entry of the setting, whatever case it is asked for in. @throws ConnectionError when there is none */
  configured(name: string): Connection {
    const wanted = String(name).toLowerCase();
    const found = this.all().find((connection) => connection.name.toLowerCase() === wanted);
    if (found !== undefined) {
      return found;
    }
    throw new ConnectionError(
      this.find(name) === undefined
        ? `connection: there is no connection '${name}'.`
        : `connection: '${SAMPLE_CONNECTION}' cannot be changed; it can be removed.`,
    );
  }

  async #create(name: string): Promise<Clients> {
    const [{ createClients }, { signInPartsOf }, connection] = await Promise.all([
      import('./clients.ts'),
      import('./credentials.ts'),
      this.connectionOf(name),
    ]);
    const clients = createClients(connection, signInPartsOf(this.#options), {
      log: (exchange) => this.#options.log.info(exchangeLine(name, exchange)),
      routeChanged: (sentence) => this.#options.log.info(`[${name}] ${sentence}`),
      accountChanged: () => {
        this.#options.log.info(`[${name}] The account of the editor changed.`);
        clients.signIn?.forgetTokens();
        this.announceSignIn(name);
      },
    });
    clients.quota.onDidChange(() => this.#quotaChanged.fire());
    this.#quotas.set(name, clients.quota);
    return clients;
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
    this.#options.tenant.stop().catch(() => {});
  }
}

/** Who each connection of the setting is: name → everything else. */
function identities(): Map<string, string> {
  return new Map(
    configuredConnections().flatMap(({ name, connection }) =>
      connection === undefined ? [] : [[name, JSON.stringify(connection)]],
    ),
  );
}

function sampleConnection(endpoints: Endpoints): Connection {
  return { name: SAMPLE_CONNECTION, cloud: 'custom', credential: 'none', endpoints };
}
