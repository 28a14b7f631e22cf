import { createHash } from 'node:crypto';
import type { BlobContent, BlobStore, ContainerName, StoredBlob } from './blobStore.ts';
import { KeptBytes } from './keptBytes.ts';
import { SharedAccessKey } from './sharedAccess.ts';

/** A blob of the embedded store. */
export interface EmbeddedBlob extends StoredBlob {
  readonly contentType: string;
  readonly content: BlobContent;
  /** Base64. */
  readonly md5: string;
  /** With its quotes. */
  readonly eTag: string;
  readonly modified: Date;
}

const KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Blobs inside the sample service: what `npm run sample` and the extension use, without any setup. Content is made
 * again for each download that the few kept bytes do not serve, so that big blobs cost time and no memory.
 */
export class EmbeddedBlobStore implements BlobStore {
  readonly key = new SharedAccessKey();
  readonly #address: () => string;
  readonly #accounts = new Map<string, Map<string, Map<string, EmbeddedBlob>>>();
  readonly #kept: KeptBytes;
  readonly #making = new Map<EmbeddedBlob, Promise<Uint8Array>>();
  #written = 0;

  /** `address` is that of the service without trailing slash; it is asked for when it is needed, as the port is not known before. */
  constructor(address: () => string, keptBytes = KEPT_BYTES) {
    this.#address = address;
    this.#kept = new KeptBytes(keptBytes);
  }

  /** Whether the path is one of this store: below one of its accounts. */
  serves(path: string): boolean {
    return this.#accounts.has(path.split('/')[1] ?? '');
  }

  endpoint(account: string): string {
    this.#account(account);
    return `${this.#address()}/${account}`;
  }

  async write(
    { account, container }: ContainerName,
    name: string,
    contentType: string,
    content: BlobContent,
  ): Promise<StoredBlob> {
    const hash = createHash('md5');
    let pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of content()) {
      hash.update(piece);
      bytes += piece.length;
      if (this.#kept.fits(bytes)) pieces.push(piece);
      else pieces = [];
    }
    const number = ++this.#written;
    const blob: EmbeddedBlob = {
      name,
      bytes,
      contentType,
      content,
      md5: hash.digest('base64'),
      eTag: `"0x8DE${number.toString(16).toUpperCase().padStart(12, '0')}"`,
      modified: new Date(),
    };
    const containers = this.#account(account);
    const blobs = containers.get(container) ?? new Map<string, EmbeddedBlob>();
    containers.set(container, blobs);
    this.#forget(blobs.get(name));
    blobs.set(name, blob);
    if (this.#kept.fits(bytes)) this.#kept.keep(blob, Buffer.concat(pieces));
    return { name, bytes };
  }

  async list(where: ContainerName, prefix: string): Promise<readonly StoredBlob[]> {
    return (this.blobs(where, prefix) ?? []).map(({ name, bytes }) => ({ name, bytes }));
  }

  async delete(where: ContainerName, prefix: string): Promise<number> {
    const found = this.blobs(where, prefix) ?? [];
    for (const blob of found) {
      this.#forget(blob);
      this.#accounts.get(where.account)?.get(where.container)?.delete(blob.name);
    }
    return found.length;
  }

  readUrl({ account, container }: ContainerName, name: string, expiry: Date): string {
    const path = `/${account}/${container}/${name}`;
    const signature = this.key.sign({ path, resource: 'b', permissions: 'r' }, expiry);
    const encoded = name.split('/').map(encodeURIComponent).join('/');
    return `${this.endpoint(account)}/${container}/${encoded}?${signature}`;
  }

  containerSignature({ account, container }: ContainerName, expiry: Date): string {
    return this.key.sign({ path: `/${account}/${container}`, resource: 'c', permissions: 'rl' }, expiry);
  }

  async clear(): Promise<void> {
    for (const containers of this.#accounts.values()) {
      for (const blobs of containers.values()) for (const blob of blobs.values()) this.#forget(blob);
      containers.clear();
    }
  }

  /** The blobs of a container whose names begin with the prefix, by name; undefined when there is no such container. */
  blobs({ account, container }: ContainerName, prefix: string): readonly EmbeddedBlob[] | undefined {
    const blobs = this.#accounts.get(account)?.get(container);
    if (!blobs) return undefined;
    const found = [...blobs.values()].filter(({ name }) => name.startsWith(prefix));
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  blob({ account, container }: ContainerName, name: string): EmbeddedBlob | undefined {
    return this.#accounts.get(account)?.get(container)?.get(name);
  }

  /** Bytes of a blob between two positions, `to` exclusive. */
  async *read(blob: EmbeddedBlob, from: number, to: number): AsyncIterable<Uint8Array> {
    const kept = this.#kept.get(blob);
    if (kept) {
      yield kept.subarray(from, to);
      return;
    }
    if (this.#kept.fits(blob.bytes)) {
      // Ranges of one blob are asked for side by side: it is made once for all of them.
      const making = this.#making.get(blob) ?? this.#make(blob);
      yield (await making).subarray(from, to);
      return;
    }
    let position = 0;
    for await (const piece of blob.content()) {
      if (position >= to) return;
      const end = position + piece.length;
      if (end > from) yield piece.subarray(Math.max(0, from - position), to - position);
      position = end;
    }
  }

  #make(blob: EmbeddedBlob): Promise<Uint8Array> {
    const making = bytesOf(blob.content)
      .then((bytes) => {
        this.#kept.keep(blob, bytes);
        return bytes;
      })
      .finally(() => this.#making.delete(blob));
    this.#making.set(blob, making);
    return making;
  }

  #account(account: string): Map<string, Map<string, EmbeddedBlob>> {
    const containers = this.#accounts.get(account) ?? new Map<string, Map<string, EmbeddedBlob>>();
    this.#accounts.set(account, containers);
    return containers;
  }

  #forget(blob: EmbeddedBlob | undefined): void {
    if (blob) this.#kept.drop(blob);
  }
}

async function bytesOf(content: BlobContent): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content()) pieces.push(piece);
  return Buffer.concat(pieces);
}
