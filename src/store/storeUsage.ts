import { parseScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { periodLabel } from '../usage/period.ts';
import type { ExportSource, KeptUsage } from '../usage/plan/exportSource.ts';
import { keptClosed, keptGone } from '../usage/plan/keptGone.ts';
import { markOf, markRefused, readMark } from '../usage/plan/marks.ts';
import type { Piece, PieceChunk, PieceReadOptions, Plan } from '../usage/plan/plan.ts';
import { isFresh } from './freshness.ts';
import type { Asker, StoredSource } from './readTypes.ts';
import { type SourceMonth, sourceMonths } from './sourceMonths.ts';
import { metaOf, type Store } from './store.ts';
import type { StoredTable } from './storeTypes.ts';
import { UntrustedFile } from './tableFile.ts';
import { schemaOf } from './tableMeta.ts';
import { fetchedAt } from './writeStored.ts';

export interface StoreUsageParts {
  /** The store and who asks; undefined when nothing is kept for them. */
  storedFor(): Promise<{ store: Store; asker: Asker } | undefined>;
  now(): Date;
  /** The disk failed: the service is asked instead. */
  failed(error: unknown): void;
}

/** Which answer of an entry is next. */
interface AnswerMark {
  answer: number;
}

/** Usage of a store for exports: whole months, for who asks alone. */
export class StoreUsage implements KeptUsage {
  readonly #parts: StoreUsageParts;

  constructor(parts: StoreUsageParts) {
    this.#parts = parts;
  }

  async plan(source: ExportSource): Promise<Plan | undefined> {
    if (source.kind !== 'usageDetails' && source.kind !== 'ratedUsage' && source.kind !== 'lineItems') {
      return undefined;
    }
    try {
      const found = await this.#parts.storedFor();
      return found && (await this.#plan(found.store, found.asker, source));
    } catch (error) {
      // What is wrong with the question is said by whoever asks the service.
      if (!(error instanceof BillingError)) {
        this.#parts.failed(error);
      }
      return undefined;
    }
  }

  async #plan(store: Store, asker: Asker, source: StoredSource): Promise<Plan | undefined> {
    const tables: StoredTable[] = [];
    const months = sourceMonths(source, this.#parts.now()) ?? [];
    try {
      for (const { scope, month, dataset } of months) {
        const table = await store.findTable({ ...asker, scope, month, dataset });
        if (table !== undefined) {
          tables.push(table);
        }
        if (table === undefined || !isFresh(table.freshness)) {
          return undefined;
        }
      }
      return this.#planOf(source, months, tables);
    } finally {
      await Promise.all(tables.map((table) => table.release()));
    }
  }

  /** Undefined when the months cannot be in one file: they came from different sources, or one is there twice. */
  #planOf(source: StoredSource, months: readonly SourceMonth[], tables: readonly StoredTable[]): Plan | undefined {
    const [first] = tables;
    const how = (table: StoredTable): string => {
      const { content, schema, only, operation } = metaOf(table);
      return JSON.stringify([table.facts.source, content, schema, only, operation]);
    };
    const names = new Set(tables.map(({ entry }) => entry.name));
    if (first === undefined || names.size < tables.length || tables.some((table) => how(table) !== how(first))) {
      return undefined;
    }
    const { content, operation, schema: kind, only } = metaOf(first);
    const { source: call, why } = first.facts;
    const schema = kind === undefined ? undefined : schemaOf(kind);
    return {
      source: call,
      ...(why === undefined ? {} : { why }),
      content,
      ...(schema === undefined ? {} : { schema }),
      ...(only === undefined ? {} : { only }),
      operation,
      pieces: tables.map((table, i) => this.#piece(table, months[i], source)),
      // Nobody is asked, and there is nothing to wait for.
      estimate: {
        ...{ calls: 0, seconds: 0, known: false, why: undefined },
        source: content === 'files' ? 'costDetails' : 'usageDetails',
      },
      sideBySide: 1,
      asOf: fetchedAt(tables).toISOString(),
    };
  }

  #piece({ entry, facts }: StoredTable, month: SourceMonth | undefined, source: StoredSource): Piece {
    const { name } = entry;
    const scope = labelOf(source, facts.scope);
    const period = month && 'period' in month.source ? month.source.period : undefined;
    const when = typeof period === 'object' ? periodLabel(period) : (facts.scope.split('/').at(-1) ?? '');
    return {
      id: name,
      label: [scope?.label, when].filter((word) => word !== undefined && word !== '').join(', '),
      ...(scope === undefined ? {} : { scope }),
      call: { call: 'kept', entry: name },
      read: (options) => this.read(name, options),
    };
  }

  async *read(entry: string, { from, signal }: PieceReadOptions = {}): AsyncGenerator<PieceChunk, void, undefined> {
    const first = from === undefined ? 0 : readMark<AnswerMark>(from, isMark).answer;
    const found = await this.#parts.storedFor();
    if (found === undefined) {
      throw keptClosed();
    }
    const table = await found.store.holdTable(entry);
    if (table === undefined) {
      throw keptGone();
    }
    try {
      requireOwn(table, found.asker);
      yield* answersOf(found.store, table, first, signal);
    } catch (error) {
      if (error instanceof Error && error.cause instanceof UntrustedFile) {
        throw new BillingError('malformed', 'The stored usage that the export reads was damaged and is set aside.', {
          advice: 'Start the export again: it fetches the usage from Azure.',
          cause: error,
        });
      }
      throw error;
    } finally {
      await table.release();
    }
  }
}

function isMark({ answer }: { answer?: unknown }): boolean {
  return Number.isSafeInteger(answer) && Number(answer) > 0;
}

/** The name of an entry is no secret, and the sign-in may be another one than when the export began. */
function requireOwn({ facts }: StoredTable, { connection, origin }: Asker): void {
  if (facts.connection !== connection || facts.origin !== origin) {
    throw new BillingError('argument', 'The stored usage that the export reads was fetched with another sign-in.', {
      advice: 'Sign in as before and resume, or start the export again.',
    });
  }
}

async function* answersOf(
  store: Store,
  table: StoredTable,
  first: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<PieceChunk, void, undefined> {
  const { requestIds, fetchedAt: receivedAt } = table.facts;
  const { length } = metaOf(table).blocks;
  if (first > 0 && first >= length) {
    throw markRefused('it has fewer answers');
  }
  let next = first;
  for await (const { header, bytes, endsFile } of store.answers(table, first)) {
    signal?.throwIfAborted();
    // Ids are kept without the answers that they are of; each answer adds one at the most.
    const requestId = requestIds[next++];
    yield {
      bytes,
      receivedAt,
      ...(requestId === undefined ? {} : { requestId }),
      ...(next < length ? { resume: markOf({ answer: next } satisfies AnswerMark) } : {}),
      ...(header.length === 0 ? {} : { header }),
      ...(endsFile ? { endsFile } : {}),
    };
  }
}

/** What stands in each row where several scopes are in one file, as a fetch has it. */
function labelOf(source: StoredSource, scope: string): Piece['scope'] {
  const scopes = source.kind === 'usageDetails' ? source.scopes : [];
  const found = scopes.find((given) => scopePath(parseScope(given.scope)).toLowerCase() === scope.toLowerCase());
  if (found === undefined || (scopes.length === 1 && found.label === undefined)) {
    return undefined;
  }
  return { scope: scopePath(parseScope(found.scope)), label: found.label ?? '' };
}
