/** The clouds that partners can sell in. (The closed German cloud is not among them.) */
export type PartnerCloud = 'public' | 'usGovernment' | 'china';

/** Where the partner services of a cloud are. Addresses end without a slash. */
export interface PartnerCloudHosts {
  /** Base of the Partner Center API, in front of `/v1`. */
  base: string;
  /** Gives the tokens. */
  authority: string;
  /** What a token has to be for. An application asks for `{audience}/.default`, a user for `{audience}/user_impersonation`. */
  audience: string;
  /** Microsoft Graph, where it has the billing exports. */
  graph?: string;
}

const BASE = 'https://api.partnercenter.microsoft.com';

/** Public article "Partner Center REST URLs". US Government has the hosts of the public cloud and an authority of its own. */
export const PARTNER_CLOUDS: Readonly<Record<PartnerCloud, PartnerCloudHosts>> = {
  public: {
    base: BASE,
    authority: 'https://login.microsoftonline.com',
    audience: BASE,
    graph: 'https://graph.microsoft.com/v1.0',
  },
  usGovernment: { base: BASE, authority: 'https://login.microsoftonline.us', audience: BASE },
  china: {
    base: 'https://partner.partnercenterapi.microsoftonline.cn',
    authority: 'https://login.chinacloudapi.cn',
    audience: 'https://partner.partnercenterapi.microsoftonline.cn',
  },
};
