import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { OWN_FILE, OWN_FOLDER } from '../disk/ownership.ts';
import { writeFailure } from '../disk/writeFailure.ts';
import type { PieceChunk } from '../usage/plan/plan.ts';
import { AppendFile } from './appendFile.ts';
import { AssembledPiece, livingPieces, partOf, partsOf } from './assembledPiece.ts';
import { type DocumentFile, JobDocument, type Place, sha256At } from './jobDocument.ts';
import type { JobSummary } from './jobSummary.ts';
import { spanOf } from './jobSummary.ts';
import { Journal, nothingSaved, type PieceMark, readJournal, type Shape } from './journal.ts';
import type { PieceDocument } from './pieceDocument.ts';
import { Turns } from './turns.ts';

/** How much may come between two checkpoints: a crash costs that, and each of them brings all files to the disk. */
export interface CheckpointPace {
  bytes: number;
  milliseconds: number;
}

const USUAL_PACE: CheckpointPace = { bytes: 32 * 1024 * 1024, milliseconds: 2000 };

interface AssemblyOptions {
  /** Of the job: journal and parts are in it. */
  folder: string;
  /** Where the document is written. */
  document: DocumentFile;
  /** Number of pieces. */
  pieces: number;
  /** What stands before the first row; asked for when its shape is known. */
  head: (shape: Shape | undefined) => Promise<Uint8Array>;
  /** Left out: every 32 MB or two seconds. */
  pace?: CheckpointPace | undefined;
}

/**
 * Brings the pieces of a job into one document in their order, whichever is read first, and keeps on the disk what it takes to go
 * on behind the last checkpoint. The piece whose turn it is goes straight into the document; those ahead of it go into files of
 * their own, which are appended when their turn comes. So the order is stable, and memory holds no rows.
 *
 * A checkpoint is one line of the journal that tells how everything stood at one moment, written after all that it speaks of was
 * brought to the disk. What stands in the files behind that is cut off by the next opening.
 */
export class JobAssembly {
  readonly #options: AssemblyOptions;
  readonly #document: JobDocument;
  readonly #journal: Journal;
  readonly #summary: JobSummary;
  readonly #pieces: Map<number, AssembledPiece>;
  readonly #checkpoints = new Turns();
  readonly #advances = new Turns();
  #shape: Shape | undefined;
  /** The end of what the next checkpoint may speak of in the document. */
  #place: Place;
  /** Parts that the document has: theirs to delete once a checkpoint says so. */
  #moved: AppendFile[] = [];
  #bytesSince = 0;
  #checkpointAt = performance.now();
  /** Whether a checkpoint is on its way to the disk. */
  #underWay = false;
  /** A checkpoint failed: the next line would tell less than the files hold. */
  #broken: unknown;

  private constructor(
    options: AssemblyOptions,
    document: JobDocument,
    journal: Journal,
    summary: JobSummary,
    pieces: Map<number, AssembledPiece>,
    shape: Shape | undefined,
  ) {
    this.#options = options;
    this.#document = document;
    this.#journal = journal;
    this.#summary = summary;
    this.#pieces = pieces;
    this.#shape = shape;
    this.#place = document.place;
  }

  /**
   * Opens the files of a job at its last checkpoint. A document that is gone or was changed begins anew, and everything with it.
   *
   * @throws Error with a sentence for the user; the signal's reason
   */
  static async open(options: AssemblyOptions, signal: AbortSignal): Promise<JobAssembly> {
    const { folder } = options;
    const file = path.join(folder, 'journal.ndjson');
    try {
      await mkdir(partsOf(folder), { recursive: true, mode: OWN_FOLDER });
    } catch (error) {
      throw writeFailure(error, partsOf(folder));
    }
    let saved = await readJournal(file);
    const turn = saved.pieces.get(saved.summary.pieces);
    const wanted = turn?.in === 'document' ? (turn.base ?? 0) : 0;
    let opened = await JobDocument.open(options.document, saved.document, wanted, signal);
    if (opened === undefined) {
      saved = nothingSaved();
      opened = await JobDocument.open(options.document, saved.document, 0, signal);
      if (opened === undefined) {
        throw new Error(`file: '${options.document.file}' changed while it was opened.`);
      }
    }
    try {
      const journal = await Journal.open(file, saved);
      const pieces = await livingPieces(folder, saved, opened.place, journal);
      return new JobAssembly(options, opened.document, journal, saved.summary, pieces, saved.shape);
    } catch (error) {
      await opened.document.close();
      throw error;
    }
  }

  get shape(): Shape | undefined {
    return this.#shape;
  }

  /** The shape of the rows is known now. */
  settle(shape: Shape): void {
    this.#shape = shape;
    this.#journal.shape(shape);
  }

  /** Bytes of the document so far. */
  get document(): number {
    return this.#document.bytes;
  }

  /** Of the pieces that are in the document to their end. */
  get summary(): JobSummary {
    return this.#summary;
  }

  /** The others that were begun. */
  get open(): Iterable<AssembledPiece> {
    return this.#pieces.values();
  }

  /** Whether a piece is whole, be it in the document or not. */
  hasEnded(position: number): boolean {
    return position < this.#summary.pieces || this.#pieces.get(position)?.ended === true;
  }

  /** Makes a piece ready to be written on behind its last mark. @throws Error with a sentence for the user */
  async begin(position: number): Promise<AssembledPiece> {
    const known = this.#pieces.get(position);
    const piece = known ?? new AssembledPiece(position);
    this.#pieces.set(position, piece);
    await piece.turns.run(async () => {
      if (position === this.#summary.pieces) {
        await this.#enter(piece);
      } else {
        await this.#openPart(piece);
      }
    });
    return piece;
  }

  async #openPart(piece: AssembledPiece): Promise<AppendFile> {
    const file = partOf(this.#options.folder, piece.position);
    piece.part ??= await AppendFile.open(file, piece.saved.bytes, OWN_FILE);
    if (piece.part === undefined) {
      throw new Error(`file: '${file}' is gone; resume the export to fetch its rows again.`);
    }
    return piece.part;
  }

  /** It is the piece's turn: what it has goes into the document, and so does all that follows. */
  async #enter(piece: AssembledPiece): Promise<void> {
    if (piece.base !== undefined) {
      return;
    }
    const base = this.#document.place;
    this.#place = base;
    if (piece.saved.bytes > 0 || piece.part !== undefined) {
      const part = await this.#openPart(piece);
      await this.#move(part, 0, piece.saved.bytes);
      this.#place = this.#document.place;
      // Behind the mark there may be rows of a chunk from which nobody can go on.
      await this.#move(part, piece.saved.bytes, part.length);
      piece.part = undefined;
      this.#moved.push(part);
    }
    piece.base = base;
    const { ids, ...mark } = piece.saved;
    piece.saved = { ...mark, ids, in: 'document', base: base.bytes, bytes: this.#place.bytes };
    this.#note(piece, []);
  }

  async #move(part: AppendFile, from: number, to: number): Promise<void> {
    for await (const chunk of part.read(from, to)) {
      await this.#document.rows(chunk, () => this.#head());
    }
  }

  #head(): Promise<Uint8Array> {
    return this.#options.head(this.#shape);
  }

  /** Writes rows of a piece; only while it takes a chunk. @throws Error with a sentence for the user */
  async write(piece: AssembledPiece, rows: Uint8Array): Promise<void> {
    this.#bytesSince += rows.length;
    await (piece.part === undefined ? this.#document.rows(rows, () => this.#head()) : piece.part.append(rows));
  }

  /** Takes the next chunk of a piece. @throws what the chunk's document throws; Error with a sentence for the user */
  async take(piece: AssembledPiece, chunk: PieceChunk, document: PieceDocument): Promise<void> {
    await piece.turns.run(async () => {
      await document.take(chunk);
      const at = chunk.receivedAt.getTime();
      piece.fresh.pages++;
      piece.fresh.fetched = spanOf(piece.fresh.fetched, [at, at]);
      if (chunk.requestId !== undefined) {
        piece.fresh.ids.push(chunk.requestId);
      }
      if (chunk.resume !== undefined) {
        this.#mark(piece, document, { resume: chunk.resume });
      }
    });
    await this.#checkpointWhenDue();
  }

  /** The piece is whole. @throws Error with a sentence for the user */
  async end(piece: AssembledPiece, document: PieceDocument): Promise<void> {
    await piece.turns.run(async () => this.#mark(piece, document, { ended: true }));
    await this.advance();
    await this.#checkpointWhenDue();
  }

  #mark(piece: AssembledPiece, document: PieceDocument, more: Pick<PieceMark, 'resume' | 'ended'>): void {
    const { saved, fresh, base } = piece;
    const { state } = document;
    const fetched = spanOf(saved.fetched, fresh.fetched);
    for (const id of fresh.ids) {
      saved.ids.push(id);
    }
    piece.saved = {
      in: saved.in,
      bytes: piece.part?.length ?? this.#document.bytes,
      ...(base === undefined ? {} : { base: base.bytes }),
      ...(state === undefined ? {} : { state }),
      pages: saved.pages + fresh.pages,
      ...(fetched === undefined ? {} : { fetched }),
      ...more,
      ids: saved.ids,
    };
    piece.fresh = { pages: 0, ids: [], fetched: undefined };
    if (base !== undefined) {
      this.#place = this.#document.place;
    }
    this.#note(piece, fresh.ids);
  }

  #note({ position, saved }: AssembledPiece, fresh: readonly string[]): void {
    const { ids: _, ...mark } = saved;
    this.#journal.note(position, mark, fresh);
  }

  /** The piece has to be read from its beginning: what it wrote is cut off. @throws Error with a sentence for the user */
  async restart(piece: AssembledPiece): Promise<void> {
    await piece.turns.run(async () => {
      await this.#forget(piece);
      piece.fresh = { pages: 0, ids: [], fetched: undefined };
      await (piece.base === undefined ? piece.part?.cut(0) : this.#document.returnTo(piece.base));
    });
  }

  /** The journal has to say so before other rows take the place of those that it speaks of. */
  async #forget(piece: AssembledPiece): Promise<void> {
    const { base } = piece;
    const mark: PieceMark =
      base === undefined
        ? { in: 'part', bytes: 0, pages: 0 }
        : { in: 'document', bytes: base.bytes, base: base.bytes, pages: 0 };
    piece.saved = { ...mark, ids: [] };
    if (base !== undefined) {
      this.#place = base;
    }
    this.#journal.noteAnew(piece.position, mark);
    await this.checkpoint();
  }

  /** Moves on to the first piece that is not whole; the document has all before it then. @throws Error with a sentence for the user */
  async advance(): Promise<void> {
    await this.#advances.run(async () => {
      for (let piece = this.#next(); piece !== undefined; piece = this.#next()) {
        const entering = piece;
        await entering.turns.run(() => this.#enter(entering));
        if (!entering.ended) {
          return;
        }
        this.#pieces.delete(entering.position);
        this.#summary.add(entering.saved);
      }
    });
  }

  #next(): AssembledPiece | undefined {
    return this.#pieces.get(this.#summary.pieces);
  }

  async #checkpointWhenDue(): Promise<void> {
    const { bytes, milliseconds } = this.#options.pace ?? USUAL_PACE;
    const due = this.#bytesSince >= bytes || performance.now() - this.#checkpointAt >= milliseconds;
    if (this.#broken !== undefined) {
      throw this.#broken;
    }
    if (due && !this.#underWay) {
      // Rows go on coming meanwhile; a failure is told with the next ones, or by the last checkpoint.
      this.checkpoint().catch(() => {});
    } else if (this.#bytesSince >= 2 * bytes) {
      await this.checkpoint();
    }
  }

  /** Brings to the disk how everything stands now. @throws Error with a sentence for the user */
  checkpoint(): Promise<void> {
    return this.#checkpoints.run(async () => {
      if (this.#broken !== undefined) {
        throw this.#broken;
      }
      this.#underWay = true;
      this.#bytesSince = 0;
      this.#checkpointAt = performance.now();
      const line = this.#journal.take({ bytes: this.#place.bytes, sha256: sha256At(this.#place) });
      const moved = [...this.#moved];
      const pieces = [...this.#pieces.values()].filter(({ part }) => part !== undefined);
      try {
        await Promise.all([this.#document.sync(), ...pieces.map(({ part }) => part?.sync())]);
        await this.#journal.append(line);
      } catch (error) {
        this.#broken = error;
        throw error;
      } finally {
        this.#underWay = false;
      }
      this.#moved.splice(0, moved.length);
      for (const part of moved) {
        await part.close();
        await rm(part.file, { force: true }).catch(() => {});
      }
      for (const piece of pieces) {
        this.#rest(piece);
      }
    });
  }

  /** Thousands of pieces may wait for their turn: a whole one does so without an open file. */
  #rest(piece: AssembledPiece): void {
    if (piece.ended) {
      void piece.turns.run(async () => {
        const { part } = piece;
        if (part !== undefined) {
          piece.part = undefined;
          await part.close();
        }
      });
    }
  }

  /**
   * Ends the document; every piece is whole and in it.
   *
   * @param tail what stands behind the rows, of a document that has some or none
   * @returns bytes and digest of the file, which is on the disk then
   * @throws Error with a sentence for the user
   */
  async finish(tail: (hasRows: boolean) => Uint8Array): Promise<{ bytes: number; sha256: string }> {
    await this.checkpoint();
    const hasRows = this.#document.bytes > 0;
    if (!hasRows) {
      await this.#document.raw(await this.#head());
    }
    await this.#document.raw(tail(hasRows));
    await this.#document.sync();
    return { bytes: this.#document.bytes, sha256: this.#document.sha256 };
  }

  /** Closes the files and leaves them as they are. Never rejects. */
  async close(): Promise<void> {
    await this.#checkpoints.run(async () => {});
    const parts = [...this.#moved, ...[...this.#pieces.values()].flatMap(({ part }) => part ?? [])];
    await Promise.all([this.#document.close(), this.#journal.close(), ...parts.map((part) => part.close())]);
  }
}
