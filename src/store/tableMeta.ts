import * as v from 'valibot';
import type { RecordSchema } from '../records/schema.ts';
import { EXPORTS, LINES } from '../usage/partner/writeLineItems.ts';

/** The member of the end of the file that holds {@link TableMeta} as JSON. */
export const META_KEY = 'azureBillingStore';

/** Files of other formats are fetched again rather than guessed at. */
export const FORMAT = 1;

const texts = v.record(v.string(), v.string());
const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const condition = v.object({
  column: v.union([v.string(), v.array(v.string())]),
  text: v.union([v.string(), v.array(v.string())]),
});

const meta = v.object({
  format: v.literal(FORMAT),
  key: v.object({
    connection: v.string(),
    origin: v.string(),
    scope: v.string(),
    month: v.string(),
    dataset: v.string(),
  }),
  rows: place,
  leftOut: place,
  rowsWithoutCost: place,
  totals: texts,
  days: v.record(v.string(), texts),
  requestIds: v.array(v.string()),
  source: v.string(),
  why: v.optional(v.string()),
  content: v.picklist(['pages', 'lines', 'files']),
  operation: v.string(),
  schema: v.optional(v.string()),
  only: v.optional(v.array(condition)),
  files: place,
  unknownFields: v.array(v.string()),
  fetchedAt: v.pipe(v.string(), v.isoTimestamp()),
  closed: v.boolean(),
  codec: v.picklist(['zstd', 'gzip']),
  /** The answers in their order: where each stands in the file, how long it is there and as it was sent, how much of it is the header of a file. */
  blocks: v.array(
    v.object({
      at: place,
      size: place,
      length: place,
      header: v.optional(place),
      endsFile: v.optional(v.literal(true)),
    }),
  ),
  /** Of all bytes before the end of the file, in hexadecimal digits. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

/** What the end of a file says: facts, and where the answers stand. */
export type TableMeta = v.InferOutput<typeof meta>;

/** @throws Error with the reason when it is nothing that this version wrote */
export function readMeta(text: string): TableMeta {
  const json: unknown = JSON.parse(text);
  const format = (json as { format?: unknown } | null)?.format;
  if (format !== FORMAT) {
    throw new Error(`its format is ${String(format).slice(0, 20)}, this version reads ${FORMAT}`);
  }
  const result = v.safeParse(meta, json);
  if (!result.success) {
    throw new Error(`its facts are wrong (${v.getDotPath(result.issues[0]) ?? 'all'})`);
  }
  if (result.output.schema !== undefined && schemaOf(result.output.schema) === undefined) {
    throw new Error(`its records are of a kind that this version does not know`);
  }
  return result.output;
}

const SCHEMAS: readonly RecordSchema[] = [
  ...Object.values(EXPORTS).map(({ schema }) => schema),
  ...Object.values(LINES).map(({ schema }) => schema),
];

/** The schema of records by the name of their kind. */
export function schemaOf(kind: string): RecordSchema | undefined {
  return SCHEMAS.find((schema) => schema.kind === kind);
}
