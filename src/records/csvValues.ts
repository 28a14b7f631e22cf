import { fileCellType } from './columnTypes.ts';
import { CsvRow } from './csvReader.ts';
import { mayRun } from './formulaGuard.ts';
import { LastText } from './memo.ts';
import { COST_FILES, type RowValues } from './rowLayout.ts';

const QUOTE = 0x22;

/** The values of rows of a cost file. */
export interface CsvValues extends RowValues {
  /** The row at hand. */
  row: CsvRow;
}

/** @param header names of the file's columns */
export function csvValues(header: readonly string[]): CsvValues {
  const texts = header.map(() => new LastText());
  const values: CsvValues = {
    row: new CsvRow(),
    source: COST_FILES,
    cells: header.map((name, slot) => ({ name, slot, type: fileCellType(name) })),
    unknown: false,
    text(bytes, slot) {
      const { row } = values;
      const decode = () => row.text(slot);
      return texts[slot]?.of(bytes, row.startOf(slot), row.endOf(slot), decode) || undefined;
    },
    isNested() {
      return false;
    },
  };
  return values;
}

/** Whether a spreadsheet might run a cell, told by its first byte. */
export function cellMayRun(row: CsvRow, cell: number): boolean {
  const start = row.startOf(cell);
  const end = row.endOf(cell);
  if (start === end) {
    return false;
  }
  const first = row.bytes[start];
  return mayRun(first === QUOTE ? row.bytes[start + 1] : first);
}
