import type { Transport } from '../api/http/transport.ts';
import { createTransport } from '../network/transport.ts';
import { networkSettings, onDidChangeNetworkSettings } from './networkSettings.ts';

/**
 * The transport of one connection. It follows the editor's network settings by itself: requests under way end as they began.
 *
 * @param log given a sentence without secrets when the way to a host changes
 */
export function connectionTransport(log: (sentence: string) => void): Transport {
  const transport = createTransport(networkSettings(), { log });
  const subscription = onDidChangeNetworkSettings(() => transport.use(networkSettings()));
  return {
    send: (request) => transport.send(request),
    close() {
      subscription.dispose();
      return transport.close();
    },
  };
}
