import type { Cell } from '../../src/engine/cells.ts';

/** Rows as a file of usage has them: currencies, many decimals, empty cells, texts that look like formulas. */
export const COST_COLUMNS = [
  'Date',
  'ResourceId',
  'MeterCategory',
  'costInBillingCurrency',
  'billingCurrency',
  'quantity',
  '__row',
  'note',
];

export function costRows(count: number): string[][] {
  return Array.from({ length: count }, (_, i) => {
    const random = (Math.imul(i + 1, 2_654_435_761) >>> 0).toString();
    return [
      `10/${String((i % 31) + 1).padStart(2, '0')}/2026`,
      `/subscriptions/${i % 7}/resourceGroups/rg-${i % 13}/vm-${i % 101}`,
      ['Storage', 'Virtual Machines', 'Bandwidth', ''][i % 4] ?? '',
      i % 97 === 0 ? '' : `${i % 5 === 0 ? '-' : ''}${i % 1000}.${random.padStart(20, '0').slice(-20)}`,
      i % 10 === 0 ? 'EUR' : 'USD',
      `${i % 24}.${i % 2 === 0 ? '500' : '25'}`,
      `row ${i}`,
      ['=1+1', 'plain', '"quoted", and more', ' @SUM(A1)', '-5', 'ÄÖ\nline', '+49 30', ''][i % 8] ?? '',
    ];
  });
}

/** As a CSV file (RFC 4180). */
export function csvText(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  delimiter = ',',
  end = '\r\n',
): string {
  const cell = (text: string) =>
    /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  return [header, ...rows].map((row) => row.map(cell).join(delimiter) + end).join('');
}

/** A cell as the table shows it: decimals without padding zeros, empty ones as null. */
export function shownCell(text: string): Cell {
  if (text === '') {
    return null;
  }
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}
