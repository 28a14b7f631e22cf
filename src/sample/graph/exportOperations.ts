import { type Answer, json } from '../answers.ts';
import type { BlobStore } from '../blobStore.ts';
import { guid, hash } from '../hash.ts';
import type { Tenant } from '../tenant.ts';
import { GraphRefusal } from './errors.ts';
import { type ExportFiles, writeExport } from './exportFiles.ts';
import type { AskedExport } from './exportRequest.ts';
import type { Settings } from './settings.ts';

interface Operation {
  readonly id: string;
  readonly asked: AskedExport;
  readonly created: Date;
  pollsLeft: number;
  asks: number;
  /** Written once; the signature is made for each answer. */
  files: Promise<ExportFiles | undefined> | undefined;
}

const OPERATION_FAMILY = 0x6a9b;
const MANIFEST_FAMILY = 0x6a9c;
const MOST_OPERATIONS = 1_000;
const TYPE = '#microsoft.graph.partners.billing';
const NO_DATA = { message: 'No data available', code: '5000' } as const;
const FAILED = { message: 'The export could not be written. Start it again.', code: '5001' } as const;

/** Words that the reference has in two spellings. */
const SPELLINGS = {
  examples: { succeeded: 'succeeded', dataFormat: 'compressedJSON', partitionType: 'Default', schemaVersion: '1' },
  table: { succeeded: 'completed', dataFormat: 'compressedJSONLines', partitionType: 'default', schemaVersion: '2' },
} as const;

/** Exports as operations (Graph reference: partners billing operation and manifest). The oldest are forgotten after 1,000. */
export class ExportOperations {
  readonly #tenant: Tenant;
  readonly #storage: BlobStore;
  readonly #settings: () => Settings;
  readonly #operations = new Map<string, Operation>();
  #started = 0;

  constructor(tenant: Tenant, storage: BlobStore, settings: () => Settings) {
    this.#tenant = tenant;
    this.#storage = storage;
    this.#settings = settings;
  }

  /** Begins an operation; `base` is the address in front of `/operations/{id}`. */
  begin(asked: AskedExport, base: string): Answer {
    const number = this.#started++;
    const id = guid(OPERATION_FAMILY, number);
    const [oldest] = this.#operations.keys();
    if (this.#operations.size >= MOST_OPERATIONS && oldest !== undefined) this.#operations.delete(oldest);
    const { polls } = this.#settings();
    this.#operations.set(id, { id, asked, created: new Date(), pollsLeft: polls, asks: 0, files: undefined });
    return { status: 202, headers: { location: `${base}/operations/${id}`, ...this.#retryAfter() }, body: undefined };
  }

  /** The state of an operation, always 200. Throws a GraphRefusal for an unknown one. */
  async poll(id: string, base: string): Promise<Answer> {
    const operation = this.#named(id);
    const { ending, manifest, spelling } = this.#settings();
    const asks = operation.asks++;
    if (!operation.files && (ending === 'Never' || operation.pollsLeft-- > 0)) {
      const status = asks === 0 ? 'notStarted' : 'running';
      const running = json({ ...this.#common(operation, 'runningOperation', base), status });
      return { ...running, headers: { ...running.headers, ...this.#retryAfter() } };
    }
    if (!operation.files && ending === 'Failed') return json(this.#failed(operation, base, FAILED));
    const files = await this.#write(operation);
    if (!files) return json(this.#failed(operation, base, NO_DATA));
    return json({
      ...this.#common(operation, 'exportSuccessOperation', base),
      status: SPELLINGS[spelling].succeeded,
      ...(manifest === 'inline'
        ? { resourceLocation: this.#manifest(operation, files) }
        : { 'resourceLocation@odata.navigationLink': `${base}/manifests/${this.#manifestId(operation)}` }),
    });
  }

  /** The manifest of an operation that succeeded. Throws a GraphRefusal for an unknown one. */
  async manifest(id: string, base: string): Promise<Answer> {
    const operation = [...this.#operations.values()].find((each) => this.#manifestId(each) === id.toLowerCase());
    const files = await operation?.files;
    if (!operation || !files) throw notFound(id);
    return json({ '@odata.context': `${contextOf(base)}manifests/$entity`, ...this.#manifest(operation, files) });
  }

  reset(): void {
    this.#operations.clear();
    this.#started = 0;
  }

  #named(id: string): Operation {
    const operation = this.#operations.get(id.toLowerCase());
    if (!operation) throw notFound(id);
    return operation;
  }

  #write(operation: Operation): Promise<ExportFiles | undefined> {
    const { partitionRows } = this.#settings();
    operation.files ??= writeExport(this.#tenant, this.#storage, operation.asked, partitionRows, operation.id);
    return operation.files;
  }

  #common({ id, created }: Operation, type: string, base: string): object {
    return {
      '@odata.context': `${contextOf(base)}operations/$entity`,
      '@odata.type': `${TYPE}.${type}`,
      id,
      // Without a zone, unlike the other.
      createdDateTime: created.toISOString().slice(0, 19),
      lastActionDateTime: new Date().toISOString().replace('Z', '0000Z'),
    };
  }

  #failed(operation: Operation, base: string, error: { readonly message: string; readonly code: string }): object {
    return { ...this.#common(operation, 'failedOperation', base), status: 'failed', error };
  }

  #manifest(operation: Operation, { container, folder, blobs }: ExportFiles): object {
    const { spelling, validSeconds } = this.#settings();
    const { dataFormat, partitionType, schemaVersion } = SPELLINGS[spelling];
    return {
      id: this.#manifestId(operation),
      schemaVersion,
      dataFormat,
      createdDateTime: operation.created.toISOString(),
      eTag: hash(MANIFEST_FAMILY, ...Buffer.from(operation.id)).toString(36),
      partnerTenantId: this.#tenant.directory.partnerTenantId,
      rootDirectory: `${this.#storage.endpoint(container.account)}/${container.container}/${folder}`,
      sasToken: this.#storage.containerSignature(container, new Date(Date.now() + validSeconds * 1000)),
      partitionType,
      blobCount: blobs.length,
      blobs: blobs.map(({ name, bytes, rows }) => ({
        name,
        partitionValue: 'default',
        sizeInBytes: bytes,
        itemCount: rows,
      })),
    };
  }

  #manifestId({ id }: Operation): string {
    return guid(hash(MANIFEST_FAMILY, ...Buffer.from(id)), 0);
  }

  #retryAfter(): Record<string, string> {
    return { 'retry-after': String(this.#settings().retryAfter) };
  }
}

function contextOf(base: string): string {
  return base.replace(/\/reports\/.*$/, '/$metadata#reports/partners/billing/');
}

function notFound(id: string): GraphRefusal {
  return new GraphRefusal(404, 'ResourceNotFound', `The resource '${id}' could not be found.`);
}
