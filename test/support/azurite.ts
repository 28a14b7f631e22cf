import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  BlobSASPermissions,
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { BlobContent, BlobStore, ContainerName, StoredBlob } from '../../src/sample/blobStore.ts';

const MAIN = fileURLToPath(import.meta.resolve('azurite/dist/src/blob/main.js'));
// The child must not outlive a test run that was killed: it ends with the channel to its parent.
const END_WITH_PARENT = 'data:text/javascript,process.once("disconnect",()=>process.exit())';
const ARGUMENTS = [
  ...['--blobHost', '127.0.0.1', '--blobPort', '0'],
  ...['--inMemoryPersistence', '--silent', '--skipApiVersionCheck', '--disableTelemetry'],
];

/** A blob service on this machine, which the sample service writes to as it would to Azure. */
export interface Azurite {
  readonly store: BlobStore;
  /** Ends the process and all it holds. */
  stop(): Promise<void>;
}

/**
 * Starts Azurite's blob service on a free port of the loopback interface, in memory, with these storage accounts.
 * Rejects with what it said when it does not start.
 */
export async function startAzurite(accounts: readonly string[]): Promise<Azurite> {
  const keys = new Map(accounts.map((account) => [account, randomBytes(32).toString('base64')]));
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, MAIN, ...ARGUMENTS], {
    env: { ...process.env, AZURITE_ACCOUNTS: [...keys].map((pair) => pair.join(':')).join(';') },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const address = await addressOf(child);
  return {
    store: new AzuriteBlobStore(address, keys),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  child.stderr?.on('data', (piece: Buffer) => said.push(piece.toString()));
  for await (const line of createInterface({ input: child.stdout ?? Readable.from([]) })) {
    const address = /successfully listens on (http:\/\/\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      child.stdout?.resume();
      return address;
    }
    said.push(line);
  }
  throw new Error(`Azurite did not start: ${said.join('\n')}`);
}

/** The sample's storage in Azurite, through the official storage client. */
class AzuriteBlobStore implements BlobStore {
  readonly #address: string;
  readonly #credentials: ReadonlyMap<string, StorageSharedKeyCredential>;
  readonly #containers = new Set<string>();

  constructor(address: string, keys: ReadonlyMap<string, string>) {
    this.#address = address;
    this.#credentials = new Map([...keys].map(([name, key]) => [name, new StorageSharedKeyCredential(name, key)]));
  }

  endpoint(account: string): string {
    return `${this.#address}/${account}`;
  }

  async write(where: ContainerName, name: string, contentType: string, content: BlobContent): Promise<StoredBlob> {
    const container = this.#container(where);
    if (!this.#containers.has(container.url)) {
      await container.createIfNotExists();
      this.#containers.add(container.url);
    }
    let bytes = 0;
    async function* counted(): AsyncIterable<Uint8Array> {
      for await (const piece of content()) {
        bytes += piece.length;
        yield piece;
      }
    }
    await container
      .getBlockBlobClient(name)
      .uploadStream(Readable.from(counted(), { objectMode: false }), undefined, 1, {
        blobHTTPHeaders: { blobContentType: contentType },
      });
    return { name, bytes };
  }

  async list(where: ContainerName, prefix: string): Promise<readonly StoredBlob[]> {
    const container = this.#container(where);
    if (!(await container.exists())) return [];
    const blobs: StoredBlob[] = [];
    for await (const { name, properties } of container.listBlobsFlat({ prefix })) {
      blobs.push({ name, bytes: properties.contentLength ?? 0 });
    }
    return blobs;
  }

  async delete(where: ContainerName, prefix: string): Promise<number> {
    const found = await this.list(where, prefix);
    for (const { name } of found) await this.#container(where).deleteBlob(name);
    return found.length;
  }

  readUrl(where: ContainerName, name: string, expiry: Date): string {
    const permissions = BlobSASPermissions.parse('r');
    const options = { containerName: where.container, blobName: name, permissions, expiresOn: expiry };
    const signature = generateBlobSASQueryParameters(options, this.#credential(where.account));
    return `${this.#container(where).getBlobClient(name).url}?${signature}`;
  }

  containerSignature({ account, container }: ContainerName, expiry: Date): string {
    const permissions = ContainerSASPermissions.parse('rl');
    const options = { containerName: container, permissions, expiresOn: expiry };
    return generateBlobSASQueryParameters(options, this.#credential(account)).toString();
  }

  async clear(): Promise<void> {
    for (const account of this.#credentials.keys()) {
      const service = this.#service(account);
      for await (const { name } of service.listContainers()) await service.deleteContainer(name);
    }
    this.#containers.clear();
  }

  #container({ account, container }: ContainerName) {
    return this.#service(account).getContainerClient(container);
  }

  #service(account: string): BlobServiceClient {
    return new BlobServiceClient(this.endpoint(account), this.#credential(account));
  }

  #credential(account: string): StorageSharedKeyCredential {
    const credential = this.#credentials.get(account);
    if (!credential) throw new RangeError(`Azurite was not started with the account ${account}.`);
    return credential;
  }
}
