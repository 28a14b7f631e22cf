import type { StoredDataReport } from '../contributions.ts';
import { byteText } from '../workbench/byteText.ts';
import { displayText } from '../workbench/text.ts';

/** What the store holds, as a text for people: where, how much, and each month of usage with how old it is. */
export function storeText({ folder, bytes, limit, usage, answers }: StoredDataReport, locale: string): string {
  const head = [
    `Folder:   ${folder}`,
    `Kept:     ${byteText(bytes)}${limit === 0 ? ' (nothing more is kept: the limit is 0)' : ` of at most ${byteText(limit)}`}`,
    `Answers:  ${answers.toLocaleString(locale)} of cost queries and lists`,
    `Usage:    ${usage.length.toLocaleString(locale)} ${usage.length === 1 ? 'month' : 'months'} of a scope`,
  ];
  const months = usage.map(
    ({ connection, scope, month, dataset, rows, totals, fetchedAt, state, bytes: size, file }) => {
      const cost = Object.entries(totals).map(([currency, amount]) => `${amount} ${currency}`.trim());
      return [
        `${month === 'own' ? 'Invoice' : month}  ${displayText(connection, 'No name')}  ${displayText(scope, 'No scope')}`,
        `  ${dataset}, ${state}, fetched at ${fetchedAt}`,
        `  ${rows.toLocaleString(locale)} ${rows === 1 ? 'row' : 'rows'}${cost.length === 0 ? '' : `, ${displayText(cost.join('; '), '')}`}`,
        `  ${byteText(size)} in ${file}`,
      ].join('\n');
    },
  );
  return `${[head.join('\n'), ...months].join('\n\n')}\n`;
}
