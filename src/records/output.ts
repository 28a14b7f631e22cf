/** Where a document's bytes go: memory, a file. Chunks are the sink's to keep, unless it says that it borrows them. */
export interface Sink {
  write(chunk: Uint8Array): void | Promise<void>;
  /** It does not look at a chunk after its `write` has ended: then one buffer serves a whole document. */
  readonly borrows?: true;
  /** Forgets all that was written, so that the document can be written anew; left out by sinks that cannot. */
  restart?(): void | Promise<void>;
}

const CHUNK = 256 * 1024;

const SHORT = 24;

/** Collects small pieces into chunks; growing is paid once, since the next chunk will be about as long as the last. */
export class ByteBuffer {
  #bytes = Buffer.allocUnsafeSlow(CHUNK);
  #length = 0;

  /** Bytes that were collected since the last {@link take}. */
  get length(): number {
    return this.#length;
  }

  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** One byte: text so short costs many times as much. */
  byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  slice(source: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    if (end - start < SHORT) {
      // For a few bytes a view of them costs more than the copy.
      const bytes = this.#bytes;
      let at = this.#length;
      for (let i = start; i < end; i++) {
        bytes[at++] = source[i] as number;
      }
      this.#length = at;
      return;
    }
    this.#bytes.set(source.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  /** The slice with one of its bytes written twice wherever it occurs. */
  sliceDoubling(source: Uint8Array, start: number, end: number, doubled: number): void {
    this.#reserve((end - start) * 2);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = start; i < end; i++) {
      const byte = source[i] as number;
      bytes[at++] = byte;
      if (byte === doubled) {
        bytes[at++] = byte;
      }
    }
    this.#length = at;
  }

  #reserve(size: number): void {
    if (this.#length + size > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + size));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
  }

  /** Hands what was collected to a sink and starts anew; returns how many bytes that were. Nothing may be collected meanwhile. */
  async flushTo(sink: Sink): Promise<number> {
    const length = this.#length;
    if (length > 0) {
      if (sink.borrows === true) {
        await sink.write(this.#bytes.subarray(0, length));
        this.#length = 0;
      } else {
        await sink.write(this.take());
      }
    }
    return length;
  }

  /** Gives away what was collected and starts anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    if (this.#length > 0) {
      const next = this.#length + (this.#length >> 3);
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(CHUNK, next));
      this.#length = 0;
    }
    return taken;
  }
}
