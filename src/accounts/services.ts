import { type AzureCloud, CLOUDS } from '../api/clouds.ts';
import type { Connection, Endpoints } from '../contributions.ts';
import { ConnectionError } from './connectionError.ts';

/** Addresses of what a connection talks to, from the table of clouds or from the entry. */
export function servicesOf({ name, cloud, endpoints }: Connection): Endpoints {
  if (cloud !== 'custom') {
    const { resourceManager, partnerCenter, graph, authority } = CLOUDS[cloud];
    return { resourceManager, partnerCenter, authority, ...(graph === undefined ? {} : { graph }) };
  }
  if (endpoints === undefined) {
    throw new ConnectionError(`endpoints: the connection '${name}' has none.`);
  }
  return endpoints;
}

/** Whose rules Partner Center follows there: addresses of an entry's own count as the public cloud. */
export function partnerCloud({ cloud }: Connection): AzureCloud {
  return cloud === 'custom' ? 'public' : cloud;
}
