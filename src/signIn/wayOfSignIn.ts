/** Through what a token is got; the advice depends on it. */
export interface WayOfSignIn {
  credential: 'azureCli' | 'servicePrincipal' | 'deviceCode' | 'default';
  /** Id or domain; undefined where the credential decides. */
  tenant: string | undefined;
  /** Of the app registration, where the connection names one. */
  clientId: string | undefined;
  /** Why a plug-in package that lies there is not used; a sentence. */
  plugin?: string | undefined;
}

/** How a person signs in anew. */
export function signInAgain({ credential, tenant }: WayOfSignIn): string {
  const login = tenant === undefined ? 'az login' : `az login --tenant ${tenant}`;
  switch (credential) {
    case 'azureCli':
      return `Run "${login}" in a terminal, then try again.`;
    case 'deviceCode':
      return 'Run "Azure Billing: Sign In…" and enter the code that it shows.';
    case 'servicePrincipal':
      return 'An app cannot do this; use a connection that signs in a user.';
    case 'default':
      return `Sign in again with the tool that this machine uses, e.g. "${login}".`;
  }
}

/** The app that asks for the token, as a sentence names it. */
export function appOf({ clientId }: WayOfSignIn): string {
  return clientId === undefined ? 'the app' : `the app ${clientId} (clientId)`;
}

/** The tenant that is asked for a token, as a sentence names it. */
export function tenantOf({ tenant }: WayOfSignIn): string {
  return tenant === undefined ? 'the tenant' : `the tenant ${tenant} (tenantId)`;
}
