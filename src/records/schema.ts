/** One column: where its value stands in a record, and its name in CSV. */
export interface Column {
  name: string;
  /** A member of the record itself, or of its `properties`. */
  within: 'record' | 'properties';
  /** Members of its value, which is an object: each is a column of its own in CSV, `resource.id`. JSON keeps the object. */
  members?: readonly string[];
}

/** The columns of a kind of record, in their order. The order is stable, so that two documents diff well. */
export interface RecordSchema {
  kind: string;
  columns: readonly Column[];
  /** Columns, or cells, that hold what is added up, and the currency (or unit) it is added up by. */
  cost: {
    amount: string;
    currency: string;
    /** Stands in for the currency where a record lacks that: a culture such as `fr-FR`. */
    culture?: string;
    /** The day that it belongs to: a date, of which the day in UTC counts. Left out: totals per day are not to be had. */
    day?: string;
  };
  /** What pages call their list; `value` when left out. */
  list?: 'items';
  /** Records have no envelope: a member named `properties` is one like all others. */
  flat?: true;
  /** Names of members differ in case from one version of the service to the next. */
  anyCase?: true;
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

/** The same for records whose members all stand at their top; objects are given with their members. */
export function defineFlatSchema(
  kind: string,
  columns: readonly (string | Omit<Column, 'within'>)[],
  cost: RecordSchema['cost'],
  more: Pick<RecordSchema, 'list' | 'anyCase'> = {},
): RecordSchema {
  return {
    kind,
    columns: columns.map(
      (column): Column => ({ ...(typeof column === 'string' ? { name: column } : column), within: 'record' }),
    ),
    cost,
    flat: true,
    ...more,
  };
}
