/**
 * Gives the bytes of a blob from their beginning, the same each time it is called. A store may call it at once, later, or
 * for every download: what a tenant's data says never changes, and big blobs need not sit in memory.
 */
export type BlobContent = () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A container of a storage account. Both are made when something is first written into them. */
export interface ContainerName {
  readonly account: string;
  readonly container: string;
}

/** A blob as a list shows it. */
export interface StoredBlob {
  /** The path inside the container, without a leading slash. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * The storage that reports and exports are written to, and which clients read with shared access signatures and no token
 * (REST reference: Blob service). Times are those of the real clock, in UTC.
 */
export interface BlobStore {
  /** The address of an account's blob service, without trailing slash: `http://127.0.0.1:10000/account`. */
  endpoint(account: string): string;

  /** Writes a block blob, over one of the same name. Content is stored as it is: a `.gz` is a file, not an encoding. */
  write(container: ContainerName, name: string, contentType: string, content: BlobContent): Promise<StoredBlob>;

  /** Blobs whose names begin with the prefix, by name; none for a container that does not exist. */
  list(container: ContainerName, prefix: string): Promise<readonly StoredBlob[]>;

  /** Deletes the blobs whose names begin with the prefix, and tells how many there were. */
  delete(container: ContainerName, prefix: string): Promise<number>;

  /** The address of a blob with a signature that allows to read it until the expiry. */
  readUrl(container: ContainerName, name: string, expiry: Date): string;

  /** A signature, as a query without question mark, that allows to read and list a container until the expiry. */
  containerSignature(container: ContainerName, expiry: Date): string;

  /** Deletes everything. */
  clear(): Promise<void>;
}
