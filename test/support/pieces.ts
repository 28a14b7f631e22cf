import { parseJson } from '../../src/json/parseJson.ts';
import type { Piece, PieceChunk, PieceReadOptions, Plan } from '../../src/usage/plan/plan.ts';

/** All chunks of a piece; their bytes are copied, because they are good until the next one is asked for. */
export async function chunksOf(piece: Piece, options?: PieceReadOptions): Promise<PieceChunk[]> {
  const chunks: PieceChunk[] = [];
  for await (const chunk of piece.read(options)) {
    chunks.push({ ...chunk, bytes: Buffer.from(chunk.bytes) });
  }
  return chunks;
}

/** The chunks of all pieces, read side by side, in the order of the file. */
export async function chunksOfPlan(plan: Plan): Promise<PieceChunk[]> {
  return (await Promise.all(plan.pieces.map((piece) => chunksOf(piece)))).flat();
}

/** The rows of chunks as texts with all their digits: records of pages, lines as they are, rows of files. */
export function rowsOf(content: Plan['content'], chunks: readonly PieceChunk[]): string[] {
  if (content === 'pages') {
    return chunks.flatMap(({ bytes }) => recordsOf(bytes));
  }
  const text = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString();
  return text.split(/\r?\n/).filter((row) => row !== '');
}

function recordsOf(page: Uint8Array): string[] {
  if (page.length === 0) {
    return [];
  }
  const text = Buffer.from(page)
    .toString()
    .replace(/^\ufeff/, '');
  const { value, items } = parseJson(text) as { value?: unknown[]; items?: unknown[] };
  return (value ?? items ?? []).map((record) => JSON.stringify(record));
}
