import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { AppendFile } from './appendFile.ts';
import type { Place } from './jobDocument.ts';
import type { Journal, PieceMark, SavedJob, SavedPiece } from './journal.ts';
import { Turns } from './turns.ts';

/** A piece that was begun and is not in the document to its end. */
export class AssembledPiece {
  readonly position: number;
  /** Held while something is written for it, or it is moved. */
  readonly turns = new Turns();
  /** How it stood behind the last chunk from which it can go on. */
  saved: SavedPiece;
  /** Its own file, while it is open. */
  part: AppendFile | undefined;
  /** Where it begins in the document; set from then on when it is written there. */
  base: Place | undefined;
  /** What came since `saved`. */
  fresh: { pages: number; ids: string[]; fetched: PieceMark['fetched'] } = { pages: 0, ids: [], fetched: undefined };

  constructor(position: number, saved: SavedPiece = { in: 'part', bytes: 0, pages: 0, ids: [] }) {
    this.position = position;
    this.saved = saved;
  }

  get ended(): boolean {
    return this.saved.ended === true;
  }
}

/** Marks of pieces whose files are not what they were are void. */
export async function livingPieces(
  folder: string,
  saved: SavedJob,
  base: Place,
  journal: Journal,
): Promise<Map<number, AssembledPiece>> {
  const pieces = new Map<number, AssembledPiece>();
  for (const [position, mark] of saved.pieces) {
    const piece = new AssembledPiece(position, mark);
    if (mark.in === 'document') {
      piece.base = base;
    } else if (mark.bytes > (await sizeOf(partOf(folder, position)))) {
      journal.noteAnew(position, { in: 'part', bytes: 0, pages: 0 });
      continue;
    }
    pieces.set(position, piece);
  }
  return pieces;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

/** The file of a piece that waits for its turn. */
export function partOf(folder: string, position: number): string {
  return path.join(partsOf(folder), String(position));
}

/** Where such files are. */
export function partsOf(folder: string): string {
  return path.join(folder, 'parts');
}
