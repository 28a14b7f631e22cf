/** The clouds that Azure is run in. (The closed German cloud is not among them.) */
export type AzureCloud = 'public' | 'usGovernment' | 'china';

/**
 * Where the services of a cloud are. Addresses end without a slash. What a token has to be for is the origin of the service's
 * address, in every cloud: {@link audienceOf}.
 */
export interface CloudHosts {
  /** For people. */
  label: string;
  resourceManager: string;
  /** Base of the Partner Center API, in front of `/v1`. */
  partnerCenter: string;
  /** Microsoft Graph, where it has the billing exports. */
  graph?: string;
  /** Gives the tokens. */
  authority: string;
  /** The Azure portal. */
  portal: string;
  /** What the editor's setting `microsoft-sovereign-cloud.environment` calls it; the public cloud needs no setting. */
  editorEnvironment?: 'USGovernment' | 'ChinaCloud';
}

const PARTNER_CENTER = 'https://api.partnercenter.microsoft.com';

/**
 * The one table of the clouds' addresses. Public articles "Azure Government endpoint mapping", "Developer guide (Azure in China)"
 * and "Partner Center REST URLs": partners in US Government use the Partner Center of the public cloud with an authority of their own.
 */
export const CLOUDS: Readonly<Record<AzureCloud, CloudHosts>> = {
  public: {
    label: 'Azure',
    resourceManager: 'https://management.azure.com',
    partnerCenter: PARTNER_CENTER,
    graph: 'https://graph.microsoft.com',
    authority: 'https://login.microsoftonline.com',
    portal: 'https://portal.azure.com',
  },
  usGovernment: {
    label: 'Azure US Government',
    resourceManager: 'https://management.usgovcloudapi.net',
    partnerCenter: PARTNER_CENTER,
    authority: 'https://login.microsoftonline.us',
    portal: 'https://portal.azure.us',
    editorEnvironment: 'USGovernment',
  },
  china: {
    label: 'Azure in China (21Vianet)',
    resourceManager: 'https://management.chinacloudapi.cn',
    partnerCenter: 'https://partner.partnercenterapi.microsoftonline.cn',
    authority: 'https://login.chinacloudapi.cn',
    portal: 'https://portal.azure.cn',
    editorEnvironment: 'ChinaCloud',
  },
};

/** What a token for a service has to be for: the origin of its address. */
export function audienceOf(address: string): string {
  return new URL(address).origin;
}

/** The cloud that a host serves, other than as its authority. */
export function cloudOfHost(hostname: string): AzureCloud | undefined {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  for (const [cloud, { resourceManager, partnerCenter, graph }] of Object.entries(CLOUDS)) {
    const hosts = [resourceManager, partnerCenter, ...(graph === undefined ? [] : [graph])];
    if (hosts.some((address) => new URL(address).hostname === host)) {
      return cloud as AzureCloud;
    }
  }
  return undefined;
}
