import type { WireResponse } from '../../src/api/http/transport.ts';
import type { NetworkSettings } from '../../src/network/settings.ts';

/** The settings of an editor that nobody changed, on a machine without variables. */
export function networkSettings(changed: Partial<NetworkSettings> = {}): NetworkSettings {
  return {
    proxySupport: 'override',
    noProxy: [],
    strictSsl: true,
    systemCertificates: true,
    extraCertificates: [],
    environment: {},
    ...changed,
  };
}

/** The whole body. */
export async function bodyOf({ body }: WireResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
