import { createHash } from 'node:crypto';
import { type Answer, json, linkTo, type SampleRequest } from './answers.ts';
import { type DayRange, monthOf } from './calendar.ts';
import { invalidQuery } from './costDefinition.ts';
import type { CostColumn } from './costQuery.ts';
import type { CostScope } from './costScopes.ts';
import type { CostSum } from './costSums.ts';
import { guid, hash } from './hash.ts';

export const NO_CONTENT: Answer = { status: 204, headers: {}, body: undefined };

/** Months of the calendar that the days touch. */
export function monthsTouched({ from, to }: DayRange): number {
  return monthOf(to) - monthOf(from) + 1;
}

/**
 * A page of the answer of a query or forecast: nextLink is the request's own address with `$skiptoken`, to be sent the same
 * body again, and null at the end. The first version has a smaller envelope. Without any row it is 204.
 */
export function costPage(
  request: SampleRequest,
  scope: CostScope,
  rows: readonly CostSum[],
  columns: readonly CostColumn[],
  options: { readonly size: number; readonly seed: number; readonly first: boolean },
): Answer {
  const token = request.parameters.get('$skiptoken');
  const key = keyOf(request, scope);
  const seal = (offset: number): string => tokenOf(offset, hash(options.seed, offset, key));
  const start = token === undefined ? 0 : offsetOf(token);
  if (start === undefined || (token !== undefined && seal(start) !== token)) {
    throw invalidQuery('the $skiptoken does not belong to this query.');
  }
  if (rows.length === 0) return NO_CONTENT;
  const end = Math.min(rows.length, start + options.size);
  const name = guid(hash(options.seed, key), 0);
  return json({
    id: `${scope.id.slice(1)}/providers/Microsoft.CostManagement/query/${name}`,
    name,
    type: 'Microsoft.CostManagement/query',
    ...(options.first ? {} : { location: null, sku: null, eTag: null }),
    properties: {
      nextLink: end < rows.length ? linkTo(request, { $skiptoken: seal(end) }) : null,
      columns: columns.map((column) => ({ name: column.name, type: column.type })),
      rows: rows.slice(start, end).map((row) => columns.map((column) => column.value(row))),
    },
  });
}

/** Stands for the scope and the body, however it is laid out: a token belongs to both. */
function keyOf({ body }: SampleRequest, { id }: CostScope): number {
  return createHash('sha256')
    .update(`${id} ${JSON.stringify(JSON.parse(body))}`)
    .digest()
    .readInt32BE(0);
}

function tokenOf(offset: number, seal: number): string {
  return Buffer.from(`${offset}.${seal}`).toString('base64');
}

function offsetOf(token: string): number | undefined {
  const match = /^(\d{1,9})\.\d+$/.exec(Buffer.from(token, 'base64').toString());
  return match ? Number(match[1]) : undefined;
}
