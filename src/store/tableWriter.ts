import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { OWN_FILE } from '../disk/ownership.ts';
import { writeFailure } from '../disk/writeFailure.ts';
import { ParquetFile } from '../records/parquetFile.ts';
import type { PieceChunk, Plan } from '../usage/plan/plan.ts';
import { type AnswerRows, answerRows } from './answerRows.ts';
import { answerCodec, Packer } from './codec.ts';
import { entryName } from './entryNames.ts';
import type { StoreFolder } from './storeFolder.ts';
import type { EntryKey, StoreOptions } from './storeTypes.ts';
import { FORMAT, META_KEY, type TableMeta } from './tableMeta.ts';

type Block = TableMeta['blocks'][number];

/**
 * Writes one entry: rows in typed columns, and between them the answers as they came. The file has its name only when it is on the disk
 * as a whole; until then it is a draft that others remove when this process is gone.
 */
export class TableWriter {
  readonly #folder: StoreFolder;
  readonly #key: EntryKey;
  readonly #plan: Plan;
  readonly #draft: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  readonly #packer = new Packer();
  readonly #rows: AnswerRows;
  readonly #blocks: Block[] = [];
  readonly #requestIds = new Set<string>();
  readonly #totals: Record<string, string> = {};
  /** Packed answers from before the columns are known. */
  #waiting: Uint8Array[] = [];
  #file: ParquetFile | undefined;
  /** Before anything was asked for. */
  #fetchedAt: Date;
  #files = 0;
  #pieces = 0;

  private constructor(
    folder: StoreFolder,
    key: EntryKey,
    plan: Plan,
    draft: string,
    handle: FileHandle,
    { now, producedBy }: Pick<StoreOptions, 'now' | 'producedBy'>,
  ) {
    this.#folder = folder;
    this.#key = key;
    this.#plan = plan;
    this.#draft = draft;
    this.#handle = handle;
    this.#fetchedAt = now();
    const facts = { title: 'Usage', source: plan.source, producedBy, totals: this.#totals };
    this.#rows = answerRows(plan, (columns) => {
      this.#file = new ParquetFile(columns, facts, { write: (chunk) => this.#write(chunk) }, this.#packer.pages);
      return this.#file;
    });
  }

  /** @throws Error with a sentence for the user */
  static async begin(
    folder: StoreFolder,
    key: EntryKey,
    plan: Plan,
    options: Pick<StoreOptions, 'now' | 'producedBy'>,
  ): Promise<TableWriter> {
    const draft = await folder.draft();
    try {
      return new TableWriter(folder, key, plan, draft, await open(draft, 'wx', OWN_FILE), options);
    } catch (error) {
      throw writeFailure(error, draft);
    }
  }

  /** Rows so far. */
  get rows(): number {
    return this.#file?.rows ?? 0;
  }

  /** Answers so far. */
  get answers(): number {
    return this.#blocks.length;
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    try {
      await this.#handle.writeFile(chunk);
    } catch (error) {
      throw writeFailure(error, this.#draft);
    }
  }

  /** A file of an export comes, or what else a piece is. */
  beginPiece(): void {
    this.#pieces++;
  }

  /** @throws BillingError of kind `malformed`; Error with a sentence for the user */
  async take(chunk: PieceChunk): Promise<void> {
    const { bytes, header, endsFile, requestId, receivedAt } = chunk;
    const whole = header === undefined ? bytes : Buffer.concat([header, bytes]);
    const packed = whole.length === 0 ? Promise.resolve(whole) : this.#packer.answer(whole);
    try {
      await this.#rows.take(chunk);
    } finally {
      // It reads memory that the next answer will take.
      await packed.catch(() => {});
    }
    await this.#keep(await packed, whole.length, {
      ...(header === undefined ? {} : { header: header.length }),
      ...(endsFile === true ? { endsFile } : {}),
    });
    if (requestId !== undefined) {
      this.#requestIds.add(requestId);
    }
    this.#fetchedAt = receivedAt > this.#fetchedAt ? receivedAt : this.#fetchedAt;
    this.#files += endsFile === true ? 1 : 0;
  }

  async #keep(packed: Uint8Array, length: number, more: Partial<Block>): Promise<void> {
    this.#blocks.push({ at: 0, size: packed.length, length, ...more });
    this.#waiting.push(packed);
    await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#file === undefined) {
      return;
    }
    const first = this.#blocks.length - this.#waiting.length;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const [i, packed] of waiting.entries()) {
      (this.#blocks[first + i] as Block).at = await this.#file.block(packed);
    }
  }

  /**
   * Ends the file and gives it its name.
   *
   * @param isClosed whether so many rows are final
   * @returns the name of the entry
   * @throws Error with a sentence for the user
   */
  async finish(isClosed: (rows: number) => boolean): Promise<string> {
    const file = this.#rows.end();
    await this.#flush();
    const { sums, leftOut, unknownFields } = this.#rows;
    const totals = sums.result();
    Object.assign(this.#totals, totals);
    const { content, operation, source, why, schema, only } = this.#plan;
    await file.finish(() => {
      const meta: TableMeta = {
        format: FORMAT,
        key: { ...this.#key },
        rows: file.rows,
        leftOut,
        rowsWithoutCost: sums.withoutCost,
        totals,
        days: sums.days(),
        requestIds: [...this.#requestIds],
        source,
        ...(why === undefined ? {} : { why }),
        content,
        operation,
        ...(schema === undefined ? {} : { schema: schema.kind }),
        ...(only === undefined
          ? {}
          : { only: only.map(({ column, text }) => ({ column: listed(column), text: listed(text) })) }),
        files: content === 'lines' ? this.#pieces : this.#files,
        unknownFields: [...unknownFields],
        fetchedAt: this.#fetchedAt.toISOString(),
        closed: isClosed(file.rows),
        codec: answerCodec,
        blocks: this.#blocks,
        sha256: this.#hash.copy().digest('hex'),
      };
      return [[META_KEY, JSON.stringify(meta)]];
    });
    this.#packer.close();
    try {
      await this.#handle.sync();
    } catch (error) {
      throw writeFailure(error, this.#draft);
    } finally {
      await this.#handle.close();
    }
    const name = entryName(this.#key, 'table', this.#fetchedAt, this.#hash.digest('hex'));
    await this.#folder.keep(this.#draft, name);
    return name;
  }

  /** Leaves nothing. */
  async abandon(): Promise<void> {
    this.#packer.close();
    await this.#handle.close().catch(() => {});
    await rm(this.#draft, { force: true }).catch(() => {});
  }
}

function listed(texts: string | readonly string[]): string | string[] {
  return typeof texts === 'string' ? texts : [...texts];
}
