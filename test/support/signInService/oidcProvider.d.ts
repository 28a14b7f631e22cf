// The package brings no types; this is as much of it as the tests use.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  /** What middleware sees of a request. */
  export interface ProviderContext {
    path: string;
    status: number;
    body: unknown;
    oidc?: { body?: Record<string, unknown> };
  }

  /** Something that the provider keeps. */
  export interface StoredCode {
    clientId: string;
    params: { scope?: string; resource?: string };
    save(): Promise<string>;
  }

  export interface StoredGrant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  export class Provider {
    constructor(issuer: string, configuration: object);
    readonly DeviceCode: { findByUserCode(code: string): Promise<StoredCode | undefined> };
    readonly Grant: new (grant: {
      accountId: string;
      clientId: string;
    }) => StoredGrant;
    use(middleware: (ctx: ProviderContext, next: () => Promise<void>) => Promise<void>): void;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    on(event: 'server_error', listener: (ctx: ProviderContext, error: Error) => void): void;
  }
}
