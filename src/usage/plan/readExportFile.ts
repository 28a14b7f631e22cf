import { type BillingExport, resumeBillingExport } from '../../api/graph/billingExports.ts';
import { exportFileLines } from '../../api/graph/exportLines.ts';
import type { GraphClient } from '../../api/graph/graphClient.ts';
import { markOf, readMark, refusedMark } from './marks.ts';
import type { PieceChunk, PieceReadOptions } from './plan.ts';

/** Files are gzip, which has no middle: what was read is read again, and so many lines are dropped. */
interface LinesMark {
  lines: number;
}

const LINE_END = Buffer.from('\n');

/**
 * One file of a billing export as chunks of JSON lines.
 *
 * @param operation where the export is asked about, which gives a new signature
 * @param ready the export where that was done already
 */
export async function* readExportFile(
  graph: GraphClient,
  operation: string,
  file: string,
  { from, ...options }: PieceReadOptions,
  ready?: BillingExport,
): AsyncGenerator<PieceChunk, void, undefined> {
  const skip = from === undefined ? 0 : readMark<LinesMark>(from, ({ lines }) => Number.isSafeInteger(lines)).lines;
  const requestId = operation.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  const chunk = (lines: readonly Uint8Array[]): PieceChunk => ({
    bytes: Buffer.concat(lines.flatMap((line) => [line, LINE_END])),
    receivedAt: new Date(graph.http.clock.now()),
    requestId,
  });
  let current: BillingExport;
  try {
    current = ready ?? (await resumeBillingExport(graph, operation, options));
  } catch (error) {
    throw from === undefined ? error : refusedMark(error);
  }
  let given = 0;
  let pending: PieceChunk | undefined;
  for await (const lines of exportFileLines(graph, current, file, options)) {
    const fresh = lines.slice(Math.max(0, skip - given));
    given += lines.length;
    if (fresh.length > 0) {
      // Only what comes behind a chunk tells that it is not the last one.
      if (pending !== undefined) {
        yield pending;
      }
      pending = { ...chunk(fresh), resume: markOf({ lines: given }) };
    }
  }
  const { resume: _, ...last } = pending ?? chunk([]);
  yield last;
}
