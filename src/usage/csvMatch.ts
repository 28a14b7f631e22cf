import type { CsvRow } from '../records/csvReader.ts';
import { comparable, memberOf } from './rowFilter.ts';
import { rowFilter, type UsageFilter } from './usageFilter.ts';

/** A filter over rows of cost files with one header. */
export class CsvMatch {
  readonly #wanted: readonly {
    cells: readonly number[];
    member: string | undefined;
    texts: ReadonlySet<string>;
    has: boolean;
  }[];

  /** @throws BillingError of kind `argument` where the files have no such column */
  constructor(header: readonly string[], filter: UsageFilter) {
    this.#wanted = rowFilter(filter, header).map(({ column, member, text, not }) => ({
      cells: [column].flat().map((name) => header.indexOf(name)),
      member,
      texts: new Set([text].flat().map((one) => one.toLowerCase())),
      has: not !== true,
    }));
  }

  matches(row: CsvRow): boolean {
    return this.#wanted.every(({ cells, member, texts, has }) => {
      const values = cells.map((cell) => row.text(cell));
      const found = member === undefined ? values : values.map((text) => memberOf(tagsOf(text), member));
      return found.some((value) => texts.has(comparable(value))) === has;
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
