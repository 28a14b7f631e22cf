import { readFile } from 'node:fs/promises';
import { OWN_FILE } from '../disk/ownership.ts';
import { codeOf } from '../disk/writeFailure.ts';
import type { DocumentState } from '../usage/documentParts.ts';
import { AppendFile } from './appendFile.ts';
import { JobSummary } from './jobSummary.ts';

/** How the rows of an export look, told by the first of them: every piece has to agree. */
export interface Shape {
  /** Usage details come in two kinds. */
  kind?: 'legacy' | 'modern';
  /** Names of the columns of cost files. */
  header?: readonly string[];
}

/** Where a piece stands: behind a chunk from which it can go on, or at its end. */
export interface PieceMark {
  /** Its own file, as long as others stand before it; then the document. */
  in: 'part' | 'document';
  /** Where its rows end in that file. */
  bytes: number;
  /** Where they begin in the document. */
  base?: number;
  /** Absent before its first row. */
  state?: DocumentState;
  /** Answers that its rows came in. */
  pages: number;
  /** When the first and the last of them arrived, milliseconds since 1970. */
  fetched?: readonly [number, number];
  /** Opens the rest; absent at the beginning and at the end. */
  resume?: string;
  ended?: true;
}

/** A mark as a line has it. */
interface WrittenMark extends PieceMark {
  /** Request ids since the last line of this piece. */
  ids: readonly string[];
  /** What earlier lines say of it is void. */
  anew?: true;
}

/** A mark with all ids. */
export interface SavedPiece extends PieceMark {
  ids: string[];
}

/** How much of the document is right, and the digest of that. */
export interface DocumentMark {
  bytes: number;
  sha256: string;
}

/** One line: how everything stands at one moment. What it speaks of was on the disk before. */
interface Checkpoint {
  shape?: Shape;
  document: DocumentMark;
  /** Pieces that went on since the line before, by their position in the plan. */
  pieces: Record<string, WrittenMark>;
}

/** What the lines of a journal say together. */
export interface SavedJob {
  shape?: Shape;
  document: DocumentMark;
  /** The pieces that are in the document to their end. */
  summary: JobSummary;
  /** Those of the others that were begun, by position in the plan. */
  pieces: Map<number, SavedPiece>;
  /** Length of the lines that were understood, bytes. */
  length: number;
}

/**
 * Reads a journal. A line that a crash cut short is as if it had never been written, and so is all behind it.
 *
 * @throws Error when the file is there and cannot be read
 */
export async function readJournal(file: string): Promise<SavedJob> {
  const saved = nothingSaved();
  const bytes = await readOrNothing(file);
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, saved.length)) {
    const line = parsed(bytes.subarray(saved.length, end));
    if (line === undefined) {
      break;
    }
    fold(saved, line);
    saved.length = end + 1;
  }
  return saved;
}

/** A job that has not begun. */
export function nothingSaved(): SavedJob {
  return { document: { bytes: 0, sha256: '' }, summary: new JobSummary(), pieces: new Map(), length: 0 };
}

async function readOrNothing(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return Buffer.of();
    }
    throw error;
  }
}

function parsed(line: Uint8Array): Checkpoint | undefined {
  try {
    return JSON.parse(Buffer.from(line).toString('utf8')) as Checkpoint;
  } catch {
    return undefined;
  }
}

function fold(saved: SavedJob, { shape, document, pieces }: Checkpoint): void {
  if (shape !== undefined) {
    saved.shape = shape;
  }
  saved.document = document;
  // Positions are ascending: integer keys of an object are, and pieces enter the document in their order.
  for (const [key, { ids, anew, ...mark }] of Object.entries(pieces)) {
    const position = Number(key);
    const before = anew === true ? undefined : saved.pieces.get(position);
    const piece: SavedPiece = { ...mark, ids: before?.ids ?? [] };
    for (const id of ids) {
      piece.ids.push(id);
    }
    if (piece.in === 'document' && piece.ended === true) {
      saved.pieces.delete(position);
      saved.summary.add(piece);
    } else {
      saved.pieces.set(position, piece);
    }
  }
}

/** Marks that were taken, and the file that they are written to. */
export class Journal {
  readonly #file: AppendFile;
  #pieces: Record<string, WrittenMark> = {};
  #shape: Shape | undefined;

  private constructor(file: AppendFile) {
    this.#file = file;
  }

  /** Goes on behind what was understood of a journal. @throws Error with a sentence for the user */
  static async open(file: string, { length }: Pick<SavedJob, 'length'>): Promise<Journal> {
    const opened = (await AppendFile.open(file, length, OWN_FILE)) ?? (await AppendFile.open(file, 0, OWN_FILE));
    return new Journal(opened as AppendFile);
  }

  shape(shape: Shape): void {
    this.#shape = shape;
  }

  /** Takes note of a piece; the next line has the last note of each. */
  note(position: number, mark: PieceMark, ids: readonly string[]): void {
    const before = this.#pieces[position];
    this.#pieces[position] = {
      ...mark,
      ids: [...(before?.ids ?? []), ...ids],
      ...(before?.anew === true ? { anew: true } : {}),
    };
  }

  /** The piece is read from its beginning. */
  noteAnew(position: number, mark: PieceMark): void {
    this.#pieces[position] = { ...mark, ids: [], anew: true };
  }

  /** The next line as it is now; what is noted from here on is for the one behind it. */
  take(document: DocumentMark): Checkpoint {
    const checkpoint: Checkpoint = {
      ...(this.#shape === undefined ? {} : { shape: this.#shape }),
      document,
      pieces: this.#pieces,
    };
    this.#pieces = {};
    this.#shape = undefined;
    return checkpoint;
  }

  /** Writes a line and brings it to the disk. @throws Error with a sentence for the user */
  async append(checkpoint: Checkpoint): Promise<void> {
    await this.#file.append(Buffer.from(`${JSON.stringify(checkpoint)}\n`));
    await this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
