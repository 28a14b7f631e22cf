/** What a file says about itself, beside its rows. */
export interface FileFacts {
  /** What the rows are, in two or three words: the name of the sheet in Excel. */
  title: string;
  /** The call that the rows came from, `Usage Details 2023-11-01`. */
  source: string;
  period?: string;
  /** The program that writes the file. */
  producedBy: { name: string; version: string };
  /** Exact amounts by currency (or unit). */
  totals: Readonly<Record<string, string>>;
  /** Further lines: scopes, when it was fetched, that the period is open. */
  more?: readonly (readonly [label: string, text: string])[];
}

/** The facts as lines for people; totals stay text, because digits count. */
export function factLines(facts: FileFacts, rows: number): (readonly [label: string, text: string])[] {
  return [
    ['Source', facts.source],
    ...(facts.period === undefined ? [] : [['Period', facts.period] as const]),
    ['Rows', String(rows)],
    ...Object.entries(facts.totals).map(([currency, digits]) => [`Total ${currency}`.trim(), digits] as const),
    ...(facts.more ?? []),
    ['Written by', `${facts.producedBy.name} ${facts.producedBy.version}`],
  ];
}

/** `1 row`, `2,000 rows`. */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString('en-US')} ${thing}${count === 1 ? '' : 's'}`;
}
