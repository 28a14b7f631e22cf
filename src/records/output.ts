/** Where a document's bytes go: memory, a file. Chunks are the sink's to keep. */
export interface Sink {
  write(chunk: Uint8Array): void | Promise<void>;
}

const CHUNK = 256 * 1024;

/** Collects small pieces into chunks; growing is paid once per chunk, not per cell. */
export class ByteBuffer {
  #bytes = Buffer.allocUnsafe(CHUNK);
  #length = 0;

  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  slice(source: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    this.#bytes.set(source.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  #reserve(size: number): void {
    if (this.#length + size > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
  }

  /** Gives away what was collected and starts anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(CHUNK);
    this.#length = 0;
    return taken;
  }
}
