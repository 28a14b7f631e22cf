import { cellType } from './columnTypes.ts';
import { LastText } from './memo.ts';
import type { RecordReader } from './recordReader.ts';

/** What a cell holds. Dates are written in several ways, see the schema; `json` is an object, a list, or their text. */
export type CellType = 'text' | 'number' | 'date' | 'boolean' | 'json';

/** One column of a document. */
export interface RowCell {
  name: string;
  type: CellType;
  /** Where the value stands: a slot of the reader, a cell of the file's row; -1 when only `text` gives it. */
  slot: number;
  /** The value where it is not simply copied; undefined leaves the cell empty. Takes the bytes of the row at hand. */
  text?: (bytes: Uint8Array) => string | undefined;
}

/** The columns of a document, in their order. */
export interface RowLayout {
  cells: readonly RowCell[];
  /** Whether fields that no column holds follow in a last one. */
  unknown: boolean;
}

/** The row at hand, whether a record or a row of a cost file: what layouts are made from. */
export interface RowValues extends RowLayout {
  /** The kind of the schema, or {@link COST_FILES}. */
  source: string;
  /** The value of a slot: text without its quotes, digits as they are, objects as JSON; undefined for none, null and ''. */
  text(bytes: Uint8Array, slot: number): string | undefined;
  /** Whether the value of a slot is an object or a list. */
  isNested(bytes: Uint8Array, slot: number): boolean;
}

/** A layout needs what the rows hold: known with the reader for records, with the header for files. */
export type MakeLayout = (values: RowValues) => RowLayout;

/** Where rows of several scopes are one document: what each came from. Read when a row is written, so it may change between rows. */
export interface RowScope {
  /** The path of Azure Resource Manager, or what else names it. */
  scope: string;
  /** For people. */
  label: string;
}

export const COST_FILES = 'cost files';

/** Names of the columns that tell a row's scope. */
export const SCOPE_COLUMNS = ['scopeName', 'scopeId'] as const;

/** The columns that the service has, in the order of the schema or the file. */
export const serviceLayout: MakeLayout = ({ cells, unknown }) => ({ cells, unknown });

/** The layout with the scope of each row before all else. */
export function withScope({ cells, unknown }: RowLayout, scope: RowScope): RowLayout {
  const [name, id] = SCOPE_COLUMNS;
  return {
    cells: [
      { name, type: 'text', slot: -1, text: () => scope.label },
      { name: id, type: 'text', slot: -1, text: () => scope.scope },
      ...cells,
    ],
    unknown,
  };
}

/** The scope of a row as members of a JSON object, with commas between them and none behind. */
export function scopeMembers({ label, scope }: RowScope, open: (name: string) => string): string {
  const [name, id] = SCOPE_COLUMNS;
  return `${open(name)}${JSON.stringify(label)},${open(id)}${JSON.stringify(scope)}`;
}

/** The value of a cell as text, whoever gives it. */
export function cellText(values: RowValues, cell: RowCell, bytes: Uint8Array): string | undefined {
  return cell.text === undefined ? values.text(bytes, cell.slot) : cell.text(bytes);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const QUOTE = 0x22;
/** Of `null`. */
const NULL = 0x6e;

/** The current record of a reader, whose `starts` and `ends` may be others with the next record. */
export function recordValues(reader: RecordReader): RowValues {
  const texts = reader.cells.map(() => new LastText());
  const cells = reader.cells.map(({ name, slot }) => ({ name, slot, type: cellType(name) }));
  const textOfSlot = new Map(cells.map(({ slot }, i) => [slot, texts[i]]));
  return {
    source: reader.schema.kind,
    cells,
    unknown: true,
    text(bytes, slot) {
      const start = reader.starts[slot] ?? 0;
      return start === 0 ? undefined : textOfSlot.get(slot)?.of(bytes, start, reader.ends[slot] ?? 0, valueText);
    },
    isNested(bytes, slot) {
      const start = reader.starts[slot] ?? 0;
      return start !== 0 && (bytes[start] === 0x7b || bytes[start] === 0x5b);
    },
  };
}

/** See {@link RowValues.text}. */
function valueText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const first = bytes[start];
  if (first === NULL) {
    return undefined;
  }
  const json = decoder.decode(bytes.subarray(start, end));
  if (first !== QUOTE) {
    return json;
  }
  const text = json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1);
  return text === '' ? undefined : text;
}
