/** One column: where its value stands in a record, and its name in CSV. */
export interface Column {
  name: string;
  /** A member of the record itself, or of its `properties`. */
  within: 'record' | 'properties';
}

/** The columns of a kind of record, in their order. The order is stable, so that two documents diff well. */
export interface RecordSchema {
  kind: string;
  columns: readonly Column[];
  /** Columns that hold the cost and its currency, for totals. */
  cost: { amount: string; currency: string };
}

/** The column behind the known ones: fields that the schema does not know, as one JSON object. Kept and reported, never dropped. */
export const UNKNOWN_FIELDS = 'unknownFields';

export function defineSchema(
  kind: string,
  properties: readonly string[],
  record: readonly string[],
  cost: RecordSchema['cost'],
): RecordSchema {
  return {
    kind,
    columns: [
      ...properties.map((name): Column => ({ name, within: 'properties' })),
      ...record.map((name): Column => ({ name, within: 'record' })),
    ],
    cost,
  };
}
