import { createHmac, randomBytes } from 'node:crypto';

/** What a signature allows: reading one blob, or reading and listing a container. */
interface SharedAccess {
  /** `/account/container` or `/account/container/blob`, not percent-encoded. */
  readonly path: string;
  readonly resource: 'b' | 'c';
  /** Letters of the permissions, e.g. `rl`. */
  readonly permissions: string;
}

const VERSION = '2024-11-04';

/** Signs addresses and checks them again (REST reference: create a service SAS); signatures end with the service. */
export class SharedAccessKey {
  readonly #key = randomBytes(32);

  /** The query without question mark. Whole seconds count. */
  sign(access: SharedAccess, expiry: Date): string {
    const se = `${expiry.toISOString().slice(0, 19)}Z`;
    const sig = this.#signature(access, VERSION, se);
    return new URLSearchParams({ sv: VERSION, se, sr: access.resource, sp: access.permissions, sig }).toString();
  }

  /**
   * The permissions that a query gives at the path of a blob, or of a container when it has no third segment; undefined when
   * the signature is absent, expired or for something else.
   */
  permissionsIn(parameters: ReadonlyMap<string, string>, path: string): string | undefined {
    const get = (name: string): string => parameters.get(name) ?? '';
    const resource = get('sr');
    if (resource !== 'b' && resource !== 'c') return undefined;
    if (!(Date.parse(get('se')) > Date.now())) return undefined;
    const signed = resource === 'c' ? path.split('/').slice(0, 3).join('/') : path;
    const access = { path: signed, resource, permissions: get('sp') } as const;
    return get('sig') === this.#signature(access, get('sv'), get('se')) ? access.permissions : undefined;
  }

  #signature({ path, resource, permissions }: SharedAccess, version: string, expiry: string): string {
    const text = [permissions, expiry, `/blob${path}`, version, resource].join('\n');
    return createHmac('sha256', this.#key).update(text).digest('base64');
  }
}
