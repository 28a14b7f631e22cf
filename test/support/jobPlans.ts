import { setTimeout as delay } from 'node:timers/promises';
import { BillingError } from '../../src/api/http/errors.ts';
import type { Planner } from '../../src/jobs/planner.ts';
import { MODERN_USAGE } from '../../src/records/usageDetails.ts';
import {
  type Piece,
  type PieceChunk,
  type PieceReadOptions,
  type Plan,
  RESUME_REFUSED,
} from '../../src/usage/plan/plan.ts';

/** Pieces of made-up usage details, or of cost files, in so many chunks each. */
export interface MadePlan {
  content?: Plan['content'];
  /** Rows of each chunk of each piece. */
  pieces: readonly (readonly number[])[];
  sideBySide?: number;
  /** Milliseconds that a chunk of a piece takes to come. */
  latency?: (piece: number, chunk: number) => number;
  /** Called before a chunk comes: may throw, or wait. */
  before?: (piece: number, chunk: number, options: PieceReadOptions) => Promise<void> | void;
  /** Which marks are refused. */
  refuses?: (piece: number, mark: string) => boolean;
  kind?: 'modern' | 'legacy';
}

/** What was read of a plan. */
export class PlanLog {
  readonly chunks: string[] = [];
  readonly from: (string | undefined)[] = [];
  planned = 0;
  open = 0;
  mostOpen = 0;
}

/** Plans that need no service. */
export function madePlanner(made: MadePlan, log = new PlanLog()): Planner {
  const plan = (): Plan => ({
    source: 'Made-up rows 2026-01-01',
    content: made.content ?? 'pages',
    ...(made.content === 'lines' ? { schema: MODERN_USAGE } : {}),
    operation: 'List made-up rows',
    pieces: made.pieces.map((_, position) => madePiece(made, position, log)),
    estimate: {
      calls: made.pieces.reduce((sum, { length }) => sum + length, 0),
      seconds: 1,
      known: true,
      source: 'usageDetails',
      why: undefined,
    },
    sideBySide: made.sideBySide ?? 4,
  });
  return {
    plan: async () => {
      log.planned++;
      return plan();
    },
    reopen: () => plan(),
  };
}

function madePiece(made: MadePlan, position: number, log: PlanLog): Piece {
  return {
    id: `piece ${position}`,
    label: `Piece ${position}`,
    call: { call: 'usageDetails', scope: `/subscriptions/${position}` },
    async *read(options: PieceReadOptions = {}) {
      const { from, signal } = options;
      log.from.push(from);
      if (from !== undefined && made.refuses?.(position, from) === true) {
        throw new BillingError('refused', 'The mark is not known any more.', { code: RESUME_REFUSED });
      }
      log.open++;
      log.mostOpen = Math.max(log.mostOpen, log.open);
      try {
        const chunks = made.pieces[position] ?? [];
        for (let chunk = Number(from ?? 0); chunk < chunks.length; chunk++) {
          await made.before?.(position, chunk, options);
          const latency = made.latency?.(position, chunk) ?? 0;
          if (latency > 0) {
            await delay(latency, undefined, { signal });
          } else {
            // As the network would, it gives others their turn.
            await new Promise(setImmediate);
          }
          signal?.throwIfAborted();
          log.chunks.push(`${position}/${chunk}`);
          yield madeChunk(made, position, chunk, from === undefined ? 0 : Number(from));
        }
      } finally {
        log.open--;
      }
    },
  };
}

function madeChunk(made: MadePlan, position: number, chunk: number, first: number): PieceChunk {
  const chunks = made.pieces[position] ?? [];
  const rows = Array.from({ length: chunks[chunk] ?? 0 }, (_, row) => [position, chunk, row] as const);
  const last = chunk === chunks.length - 1;
  return {
    bytes: Buffer.from(textOf(made, rows)),
    requestId: `request-${position}-${chunk}`,
    receivedAt: new Date(Date.UTC(2026, 9, 1, position, chunk)),
    ...(last ? {} : { resume: String(chunk + 1) }),
    ...(made.content === 'files' && chunk === first ? { header: Buffer.from(`${FILE_HEADER.join(',')}\r\n`) } : {}),
    ...(made.content === 'files' && last ? { endsFile: true } : {}),
  };
}

/** All chunks in the order of the file. */
export function madeChunks(made: MadePlan): PieceChunk[] {
  return made.pieces.flatMap((chunks, position) => chunks.map((_, chunk) => madeChunk(made, position, chunk, 0)));
}

type Row = readonly [position: number, chunk: number, row: number];

const FILE_HEADER = ['date', 'resourceName', 'costInBillingCurrency', 'billingCurrency'];

function textOf({ content, kind = 'modern' }: MadePlan, rows: readonly Row[]): string {
  switch (content) {
    case 'files':
      return rows.map((row) => `${dayOf(row)},"${nameOf(row)}",${costOf(row)},${currencyOf(row)}\r\n`).join('');
    case 'lines':
      return rows.map((row) => `${recordOf(row, kind)}\n`).join('');
    default:
      return `{"value":[${rows.map((row) => recordOf(row, kind)).join(',')}]}`;
  }
}

function recordOf(row: Row, kind: string): string {
  const cost = kind === 'modern' ? 'costInBillingCurrency' : 'cost';
  const currency = kind === 'modern' ? 'billingCurrencyCode' : 'billingCurrency';
  return `{"kind":"${kind}","id":"${nameOf(row)}","properties":{"date":"${dayOf(row)}T00:00:00.0000000Z","${cost}":${costOf(row)},"${currency}":"${currencyOf(row)}","product":"A, \\"B\\" – ü","surprise":${row[2]}}}`;
}

function nameOf([position, chunk, row]: Row): string {
  return `row ${position}/${chunk}/${row}`;
}

function dayOf([position]: Row): string {
  return `2026-10-${String((position % 28) + 1).padStart(2, '0')}`;
}

function currencyOf([, chunk]: Row): string {
  return chunk % 3 === 2 ? 'USD' : 'EUR';
}

/** More digits than a double holds. */
function costOf([position, chunk, row]: Row): string {
  return `${position}.${String(chunk).padStart(4, '0')}${String(row).padStart(16, '0')}`;
}
