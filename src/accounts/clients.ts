import { type ArmClient, createArmClient } from '../api/arm/armClient.ts';
import type { GraphClient } from '../api/graph/graphClient.ts';
import type { Exchange } from '../api/http/client.ts';
import { systemClock } from '../api/http/clock.ts';
import { QuotaScheduler } from '../api/http/quota.ts';
import { createUndiciTransport } from '../api/http/undiciTransport.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { Endpoints } from '../contributions.ts';
import { ConnectionError } from './connection.ts';

/** The API clients of one connection, over one transport. */
export interface Clients {
  arm: ArmClient;
  quota: QuotaScheduler;
  /** @throws ConnectionError when the connection has none */
  partnerCenter(): Promise<PartnerCenterClient>;
  /** @throws ConnectionError when the connection has none */
  graph(): Promise<GraphClient>;
  /** Requests under way fail. */
  close(): Promise<void>;
}

export function createClients(name: string, endpoints: Endpoints, log: (exchange: Exchange) => void): Clients {
  const transport = createUndiciTransport();
  const quota = new QuotaScheduler(systemClock);
  const base = (service: 'partnerCenter' | 'graph', called: string): string => {
    const address = endpoints[service];
    if (address === undefined) {
      throw new ConnectionError(`endpoints.${service}: the connection '${name}' has no ${called}.`);
    }
    return address;
  };
  let partnerCenter: Promise<PartnerCenterClient> | undefined;
  let graph: Promise<GraphClient> | undefined;
  return {
    arm: createArmClient({ transport, base: endpoints.resourceManager, quota, log }),
    quota,
    async partnerCenter() {
      const address = base('partnerCenter', 'Partner Center');
      partnerCenter ??= import('../api/partnerCenter/partnerCenterClient.ts').then(({ createPartnerCenterClient }) =>
        createPartnerCenterClient({ transport, base: address, log }),
      );
      return partnerCenter;
    },
    async graph() {
      const address = base('graph', 'Microsoft Graph');
      graph ??= import('../api/graph/graphClient.ts').then(({ createGraphClient }) =>
        createGraphClient({ transport, base: address, log }),
      );
      return graph;
    },
    close: () => transport.close(),
  };
}
