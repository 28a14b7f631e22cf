import { CLOUDS } from '../api/clouds.ts';
import { BillingError } from '../api/http/errors.ts';
import type { Connection } from '../contributions.ts';

/** The editor's own settings of the clouds that it signs in to beside the public one. */
export interface SovereignSettings {
  /** `microsoft-sovereign-cloud.environment` */
  environment: unknown;
  /** `microsoft-sovereign-cloud.customEnvironment` */
  customEnvironment: unknown;
}

const SOVEREIGN = 'microsoft-sovereign-cloud';

/**
 * Which of the editor's sign-ins serves a connection. The one for other clouds serves one cloud at a time, and which one is a
 * setting that anybody can change: when it is not the connection's, nothing is asked of it.
 *
 * @throws BillingError of kind `signIn` that names the setting
 */
export function editorProvider(connection: Connection, settings: SovereignSettings): string {
  const { cloud, endpoints, name } = connection;
  if (cloud === 'public') {
    return 'microsoft';
  }
  if (cloud === 'custom') {
    const authority = endpoints?.authority;
    if (settings.environment !== 'custom' || authority === undefined || customAuthority(settings) !== authority) {
      throw otherCloud(
        name,
        `Set ${SOVEREIGN}.environment to 'custom' and activeDirectoryEndpointUrl of ${SOVEREIGN}.customEnvironment to ${authority}.`,
      );
    }
    return SOVEREIGN;
  }
  const { editorEnvironment } = CLOUDS[cloud];
  if (settings.environment !== editorEnvironment) {
    throw otherCloud(name, `Set ${SOVEREIGN}.environment to '${editorEnvironment}'.`);
  }
  return SOVEREIGN;
}

function customAuthority({ customEnvironment }: SovereignSettings): string | undefined {
  const address =
    typeof customEnvironment === 'object' && customEnvironment !== null
      ? (customEnvironment as Record<string, unknown>).activeDirectoryEndpointUrl
      : undefined;
  return typeof address === 'string' && URL.canParse(address) ? new URL(address).origin : undefined;
}

function otherCloud(name: string, advice: string): BillingError {
  return new BillingError('signIn', `The editor signs in to another cloud than that of the connection '${name}'.`, {
    code: 'otherCloud',
    advice,
  });
}
