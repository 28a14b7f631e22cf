import * as v from 'valibot';
import { ExactNumber, type JsonNumber } from '../../json/exact.ts';
import { unexpected } from '../http/body.ts';
import type { Answer, Call, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { type PageRead, PageWalk } from '../http/paging.ts';
import { type ArmClient, nextCall, readAs } from './armClient.ts';
import { optionalText } from './wire.ts';

const column = v.looseObject({
  name: v.string(),
  /** Number, String, Datetime, … */
  type: optionalText,
});

/** A column of a cost table, as sent. */
export type CostColumn = v.InferOutput<typeof column>;

/**
 * A value with its digits. `UsageDate` is a number `YYYYMMDD`, `BillingMonth` a text `YYYY-MM-DDT00:00:00`; costs are in the
 * currency of the row's `Currency` column, or in USD where the column's name ends so.
 */
export type CostCell = string | JsonNumber | boolean | null;

/** Checked at once: a shape of its own for each of many thousand cells takes longer than reading them. */
const rows = v.custom<CostCell[][]>(
  (value) => Array.isArray(value) && value.every((row) => Array.isArray(row) && row.every(isCell)),
  'its rows are not lists of texts and numbers',
);

function isCell(value: unknown): boolean {
  return value === null || typeof value !== 'object' || value instanceof ExactNumber;
}

const queryResult = v.looseObject({
  id: optionalText,
  name: optionalText,
  properties: v.looseObject({
    nextLink: optionalText,
    columns: v.nullish(v.array(column)),
    rows: v.nullish(rows),
  }),
});

/** The answer of a query or forecast as the service sent it (REST reference: Query - Usage). */
export type QueryResult = v.InferOutput<typeof queryResult>;

/** Rows in the order of the columns. No rows and no columns: there is no data. */
export interface CostTable {
  columns: CostColumn[];
  rows: CostCell[][];
}

/** One page of a table. */
export interface CostPage extends CostTable {
  /** The whole answer; absent when the service has nothing (204). */
  result: QueryResult | undefined;
}

/** All pages of a table, and what it takes to ask the service about them. */
export interface WholeCostTable extends CostTable {
  pages: number;
  /** `x-ms-request-id` of each page. */
  requestIds: string[];
  /** When the last page arrived. */
  fetchedAt: Date;
}

/**
 * A table, page by page. The link to the next page takes a POST of the body that the first page took, even where it names
 * another api-version: a GET, or a POST without it, is refused.
 */
export function walkCostTable(arm: ArmClient, call: Call): PageWalk<CostPage> {
  return walkTable(arm, call, (page) => page);
}

/** The same table as the bytes of each page, checked as it is: a page without data has no bytes, or no rows. */
export function walkCostBytes(arm: ArmClient, call: Call): PageWalk<Uint8Array> {
  return walkTable(arm, call, (_, { bytes }) => bytes);
}

function walkTable<T>(arm: ArmClient, call: Call, read: (page: CostPage, answer: Answer) => T): PageWalk<T> {
  return new PageWalk(arm.http, call, (answer, current): PageRead<T> => {
    if (answer.status === 204) {
      return { value: read({ columns: [], rows: [], result: undefined }, answer) };
    }
    const result = readAs(queryResult, answer);
    const { columns, rows, nextLink } = result.properties;
    const page = { columns: columns ?? [], rows: rows ?? [], result };
    requireAligned(page, answer);
    const next = nextCall(current, nextLink);
    // Each page is a query of its own to the service's limits.
    return { value: read(page, answer), next: next && { ...next, ...(current.quota && { quota: current.quota }) } };
  });
}

/** A value under the wrong column would be a wrong sum. */
function requireAligned({ columns, rows }: CostTable, answer: Answer): void {
  const odd = rows.findIndex((row) => row.length !== columns.length);
  if (odd >= 0) {
    throw unexpected(
      answer,
      `row ${odd + 1} of the answer has ${rows[odd]?.length} values for ${columns.length} columns.`,
    );
  }
}

/**
 * Reads a table to its end.
 *
 * @throws BillingError when a page fails, or when its columns are not those of the pages before: part of a table is never
 *   returned
 */
export async function readCostTable(walk: PageWalk<CostPage>, options?: SendOptions): Promise<WholeCostTable> {
  const table: WholeCostTable = { columns: [], rows: [], pages: 0, requestIds: [], fetchedAt: new Date(0) };
  for await (const { value, answer, number } of walk.rest(options)) {
    if (table.columns.length === 0) {
      table.columns = value.columns;
    } else if (value.rows.length > 0 && names(value) !== names(table)) {
      const { status, requestId, correlationId } = answer;
      throw new BillingError('malformed', `The columns of page ${number} differ from those of the pages before it.`, {
        status,
        requestId,
        correlationId,
        advice: 'Ask again; report the request id if it stays.',
      });
    }
    for (const row of value.rows) {
      table.rows.push(row);
    }
    table.pages = number;
    table.fetchedAt = answer.receivedAt;
    if (answer.requestId !== undefined) {
      table.requestIds.push(answer.requestId);
    }
  }
  return table;
}

function names({ columns }: CostTable): string {
  return JSON.stringify(columns.map((column) => column.name));
}
