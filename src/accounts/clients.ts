import { type ArmClient, createArmClient } from '../api/arm/armClient.ts';
import type { GraphClient } from '../api/graph/graphClient.ts';
import type { Exchange } from '../api/http/client.ts';
import { systemClock } from '../api/http/clock.ts';
import { QuotaScheduler } from '../api/http/quota.ts';
import type { TokenSource } from '../api/http/token.ts';
import type { PartnerSignIn } from '../api/partnerCenter/availability.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { Connection } from '../contributions.ts';
import type { Credential } from '../signIn/credential.ts';
import { ConnectionError } from './connectionError.ts';
import { ConnectionSignIn } from './connectionSignIn.ts';
import { connectionTransport } from './connectionTransport.ts';
import { credentialOf, type SignInParts } from './credentials.ts';
import { partnerCloud, servicesOf } from './services.ts';

/** The API clients of one connection, over one transport and one sign-in. */
export interface Clients {
  arm: ArmClient;
  quota: QuotaScheduler;
  /** Undefined when the connection sends no token. */
  signIn: ConnectionSignIn | undefined;
  /** @throws ConnectionError when the connection has none */
  partnerCenter(): Promise<PartnerCenterClient>;
  /** @throws ConnectionError when the connection has none */
  graph(): Promise<GraphClient>;
  /** Requests under way fail, and tokens are forgotten. */
  close(): Promise<void>;
}

/** What happens while clients are used. */
export interface ClientEvents {
  log(exchange: Exchange): void;
  /** The way to a host changed; one sentence without secrets. */
  routeChanged(sentence: string): void;
  /** Another person is signed in now, or nobody. */
  accountChanged(): void;
}

const PARTNER_SIGN_IN: Readonly<Record<Credential['actor'], PartnerSignIn | undefined>> = {
  user: 'appAndUser',
  app: 'appOnly',
  unknown: undefined,
};

export function createClients(connection: Connection, parts: SignInParts, events: ClientEvents): Clients {
  const { name } = connection;
  const services = servicesOf(connection);
  const transport = connectionTransport(events.routeChanged);
  const { log } = events;
  const credential = credentialOf(connection, parts, transport, log, events.accountChanged);
  const signIn =
    credential && new ConnectionSignIn({ connection: name, credential, memory: parts.memory, clock: systemClock });
  const token = (address: string): TokenSource | undefined => signIn?.source(address);
  const quota = new QuotaScheduler(systemClock);
  const base = (service: 'partnerCenter' | 'graph', called: string): string => {
    const address = services[service];
    if (address === undefined) {
      throw new ConnectionError(`endpoints.${service}: the connection '${name}' has no ${called}.`);
    }
    return address;
  };
  let partnerCenter: Promise<PartnerCenterClient> | undefined;
  let graph: Promise<GraphClient> | undefined;
  return {
    arm: createArmClient({
      transport,
      base: services.resourceManager,
      token: token(services.resourceManager),
      quota,
      log,
    }),
    quota,
    signIn,
    async partnerCenter() {
      const address = base('partnerCenter', 'Partner Center');
      partnerCenter ??= import('../api/partnerCenter/partnerCenterClient.ts').then(({ createPartnerCenterClient }) =>
        createPartnerCenterClient({
          transport,
          base: address,
          cloud: partnerCloud(connection),
          token: token(address),
          signIn: signIn === undefined ? undefined : PARTNER_SIGN_IN[signIn.actor],
          log,
        }),
      );
      return partnerCenter;
    },
    async graph() {
      const address = base('graph', 'Microsoft Graph');
      graph ??= import('../api/graph/graphClient.ts').then(({ createGraphClient }) =>
        createGraphClient({ transport, base: address, token: token(address), log }),
      );
      return graph;
    },
    async close() {
      signIn?.dispose();
      await transport.close();
    },
  };
}
