/** How the editor's user wants this machine to reach the network: the `http.*` settings, and the variables of the environment. */
export interface NetworkSettings {
  /** `http.proxy`; user name and password may be in it. */
  proxy?: string;
  /** `http.proxySupport`. Only `off` makes a difference here: the others tell requests with agents of their own apart. */
  proxySupport: 'off' | 'on' | 'override' | 'fallback';
  /** `http.noProxy`. */
  noProxy: readonly string[];
  /** `http.proxyAuthorization`: the whole value of the `Proxy-Authorization` header. */
  proxyAuthorization?: string;
  /** `http.proxyStrictSSL`. */
  strictSsl: boolean;
  /** `http.systemCertificates`. */
  systemCertificates: boolean;
  /** Certificates of further authorities, each a PEM text. */
  extraCertificates: readonly string[];
  environment: NetworkVariables;
}

/** Variables of the environment, whichever case they were written in. */
export interface NetworkVariables {
  HTTPS_PROXY?: string;
  HTTP_PROXY?: string;
  ALL_PROXY?: string;
  NO_PROXY?: string;
  /** Path of a PEM file. */
  NODE_EXTRA_CA_CERTS?: string;
}

/** Where a connection leads: the name or the address of a host, without brackets. */
export interface Target {
  host: string;
  port: number;
}
