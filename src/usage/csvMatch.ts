import type { CsvRow } from '../records/csvReader.ts';
import { holds, type RowCondition, textsOf } from './rowFilter.ts';
import { rowFilter, type UsageFilter } from './usageFilter.ts';

/** A filter over rows of cost files with one header. */
export class CsvMatch {
  readonly #wanted: readonly {
    cells: readonly number[];
    condition: RowCondition;
    texts: ReadonlySet<string>;
  }[];

  /** @throws BillingError of kind `argument` where the files have no such column */
  constructor(header: readonly string[], filter: UsageFilter) {
    this.#wanted = rowFilter(filter, header).map((condition) => ({
      cells: [condition.column].flat().map((name) => header.indexOf(name)),
      condition,
      texts: textsOf(condition),
    }));
  }

  matches(row: CsvRow): boolean {
    return this.#wanted.every(({ cells, condition, texts }) => {
      const values = cells.map((cell) => row.text(cell));
      return holds(condition, texts, condition.member === undefined ? values : values.map(tagsOf));
    });
  }
}

/** Tags in a cost file: a JSON object, or the inside of one ("Understand the terms in your Azure usage and charges file"). */
function tagsOf(text: string): unknown {
  const trimmed = text.trim();
  try {
    return JSON.parse(trimmed.startsWith('{') ? trimmed : `{${trimmed}}`);
  } catch {
    return undefined;
  }
}
