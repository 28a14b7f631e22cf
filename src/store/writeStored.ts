import { BillingError } from '../api/http/errors.ts';
import type { Format } from '../records/formats.ts';
import type { Sink } from '../records/output.ts';
import { FilesDocument } from '../usage/filesDocument.ts';
import { linesOf } from '../usage/linesOf.ts';
import { PagesDocument } from '../usage/pagesDocument.ts';
import type { Period } from '../usage/period.ts';
import { cultureCurrency } from '../usage/plan/cultureCurrency.ts';
import { RecordsDocument } from '../usage/recordsDocument.ts';
import type { UsageFilter } from '../usage/usageFilter.ts';
import type { UsageReport } from '../usage/writeUsage.ts';
import type { StoredUsage } from './readTypes.ts';
import { metaOf, type Store } from './store.ts';
import type { StoredTable } from './storeTypes.ts';
import type { KeptAnswer } from './tableFile.ts';
import { schemaOf } from './tableMeta.ts';

/** The code of the error that says that months cannot be in one document. */
export const DIFFERENT_SOURCES = 'differentSources';

export interface WriteStoredOptions {
  /** Which rows are kept; left out: all. */
  only?: UsageFilter | undefined;
  /** Of which days rows are: see `keptPart`, which tells whether they can be told. Left out: all. */
  days?: Period | undefined;
  signal?: AbortSignal | undefined;
}

/** A document that answers go into. */
interface AnswerDocument extends Pick<UsageReport, 'rows' | 'bytes' | 'totals' | 'rowsWithoutCost'> {
  leftOut: number;
  unknownFields?: string[];
  end(): Promise<void>;
}

/**
 * Writes usage from the store: byte for byte what a fetch would write, because it is made of the same answers in the same way.
 *
 * @param usage of one scope, that is held
 * @returns what is known of the document; `fetchedAt` is that of the oldest month
 * @throws BillingError of kind `argument` when its months came from different sources, whose columns differ, or are of several scopes
 * @throws Error with a sentence for the user when a file was damaged since it was read
 */
export async function writeStored(
  store: Store,
  { tables }: Pick<StoredUsage, 'tables'>,
  format: Format,
  sink: Sink,
  { only, days, signal }: WriteStoredOptions = {},
): Promise<UsageReport> {
  const [first] = tables;
  if (first === undefined) {
    throw new BillingError('argument', 'period: there is no month in it.', { advice: 'Choose one that has begun.' });
  }
  const { content } = first.facts;
  if (tables.some(({ facts }) => facts.scope !== first.facts.scope)) {
    throw new BillingError('argument', 'scopes: a document has one.', { advice: 'Open each on its own.' });
  }
  if (tables.some((table) => table.facts.content !== content || metaOf(table).schema !== metaOf(first).schema)) {
    throw new BillingError('argument', 'period: its months came from different sources, whose columns differ.', {
      code: DIFFERENT_SOURCES,
      advice: 'Open each month on its own.',
    });
  }
  const { document, take } = documentFor(first, format, sink, { only, days });
  // Reports come oldest first, lists newest first.
  const inOrder = content === 'files' ? [...tables].reverse() : tables;
  for (const table of inOrder) {
    for await (const answer of store.answers(table)) {
      signal?.throwIfAborted();
      await take(answer);
    }
  }
  await document.end();
  const { rows, leftOut, bytes, totals, rowsWithoutCost, unknownFields = [] } = document;
  const { source, why } = first.facts;
  return {
    rows,
    ...(leftOut === 0 ? {} : { leftOut }),
    pages: tables.reduce((sum, { facts }) => sum + facts.pages, 0),
    bytes,
    totals,
    rowsWithoutCost,
    requestIds: inOrder.flatMap(({ facts }) => facts.requestIds),
    fetchedAt: fetchedAt(tables),
    source,
    ...(why === undefined ? {} : { why }),
    unknownFields,
  };
}

/** Of the oldest month that may still change; of closed ones, which stay what they are, the newest. */
export function fetchedAt(tables: readonly StoredTable[]): Date {
  const going = tables.filter(({ freshness }) => freshness.state !== 'closed');
  const times = (going.length > 0 ? going : tables).map(({ facts }) => facts.fetchedAt.getTime());
  return new Date(going.length > 0 ? Math.min(...times) : Math.max(...times));
}

function documentFor(
  table: StoredTable,
  format: Format,
  sink: Sink,
  { only, days }: Pick<WriteStoredOptions, 'only' | 'days'>,
): { document: AnswerDocument; take(answer: KeptAnswer): Promise<void> } {
  const { content, schema: kind, operation, only: lines = [] } = metaOf(table);
  if (content === 'files') {
    const document = new FilesDocument(format, sink, {}, only, days);
    return {
      document,
      async take({ header, bytes, endsFile }) {
        await document.write(header);
        await document.write(bytes);
        if (endsFile) {
          document.endFile();
        }
      },
    };
  }
  const schema = kind === undefined ? undefined : schemaOf(kind);
  if (schema === undefined) {
    const document = new PagesDocument(format, sink, only, days);
    return { document, take: ({ bytes }) => document.page(bytes) };
  }
  const document = new RecordsDocument(
    { schema, format, operation, only: lines, days, currencyOf: cultureCurrency },
    sink,
  );
  return {
    document,
    take: ({ bytes }) => (content === 'lines' ? document.lines(linesOf(bytes)) : document.page(bytes)),
  };
}
