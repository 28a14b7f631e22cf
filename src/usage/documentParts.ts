import type { SumsSnapshot } from '../records/currencySums.ts';
import type { Format } from '../records/formats.ts';
import type { RowOptions } from '../records/rowOptions.ts';

/**
 * A document may be written in parts that are joined later: its head, the parts in their order, its tail. In a part there is a
 * separator before every row, so parts go behind each other as they are; of the document's first row it is left out.
 */
export interface PartSettings {
  /** How rows are written. */
  options?: RowOptions | undefined;
  /** Whether this is a part: it has no head and no tail, and its first row stands behind a separator. */
  part?: boolean | undefined;
  /** Goes on behind what another document of the same settings has written. */
  from?: DocumentState | undefined;
}

/** What of a document has to be known to go on behind it, after a restart too: plain JSON. */
export interface DocumentState {
  rows: number;
  /** See `RecordsDocument.leftOut`. */
  leftOut: number;
  sums: SumsSnapshot;
  unknownFields: readonly string[];
}

/** What stands between two rows and belongs to neither. */
export function rowSeparator(format: Format): Uint8Array {
  return Buffer.from(format === 'json' ? ',' : '');
}

/** What stands behind the last row, or where there is none. */
export function documentTail(format: Format, hasRows: boolean): Uint8Array {
  if (format !== 'json') {
    return Buffer.of();
  }
  return Buffer.from(hasRows ? '\n]\n' : ']\n');
}
