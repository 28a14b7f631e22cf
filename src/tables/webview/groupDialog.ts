import { element } from '../../workbench/webview/elements.ts';
import type { PageChoice, PageColumn, PageGroupBy } from '../tableContract.ts';
import { groupColumnText, isExact, isTime } from './choice.ts';
import { checkbox, field, openDialog, select } from './dialog.ts';

type Group = NonNullable<PageChoice['group']>;
type GroupColumn = PageGroupBy['columns'][number];

/** Columns that can be grouped by at once. */
const MOST = 4;

const LABELS = ['Group by', 'then by', 'then by', 'then by'];

/** Columns of money that one adds up before any other. */
const MONEY = /^(billedcost|costinbillingcurrency|pretaxcost|cost|effectivecost|total)$/i;

/** Asks by what rows are put together, and what is added up. */
export function askGroup(
  columns: readonly PageColumn[],
  group: Group | null,
  apply: (group: Group | null) => void,
  closed: () => void,
): void {
  const options: GroupColumn[] = columns.flatMap((column): GroupColumn[] =>
    isTime(column)
      ? [{ column: column.name, by: 'day' }, { column: column.name, by: 'month' }, { column: column.name }]
      : [{ column: column.name }],
  );
  const choices = [
    { value: '', label: '–' },
    ...options.map((one, index) => ({ value: String(index), label: groupColumnText(one) })),
  ];
  const keys = Array.from({ length: MOST }, (_, place) => {
    const old = group?.by.columns[place];
    const index = options.findIndex(({ column, by }) => column === old?.column && by === old.by);
    return select(choices, index < 0 ? '' : String(index));
  });
  const numbers = columns.filter(isExact).map(({ name }) => name);
  let sums = group?.by.sums ?? numbers.filter((name) => MONEY.test(name)).slice(0, 1);
  const boxes = numbers.map((name) =>
    checkbox(name, sums.includes(name), (checked) => {
      sums = checked ? [...sums, name] : sums.filter((one) => one !== name);
    }),
  );
  const adding = element('fieldset', 'sums', element('legend', '', 'Add up'), element('div', 'values', ...boxes));
  const hint = element('p', 'hint');
  hint.setAttribute('role', 'status');
  const applyGroup = () => {
    const chosen = keys.flatMap(({ value }) => options[Number(value === '' ? Number.NaN : value)] ?? []);
    const by: PageGroupBy = { columns: chosen, sums: numbers.filter((name) => sums.includes(name)) };
    if (chosen.length === 0) {
      hint.textContent = 'Choose at least one column.';
      return false;
    }
    if (new Set(chosen.map(groupColumnText)).size < chosen.length) {
      hint.textContent = 'A column is chosen twice.';
      return false;
    }
    const [sum] = by.sums;
    apply({ by, order: sum === undefined ? { descending: false } : { sum, descending: true } });
    return true;
  };
  for (const key of keys) {
    key.addEventListener('change', () => hint.replaceChildren());
  }
  const fields = keys.map((key, place) => field(LABELS[place] ?? '', key));
  const some = numbers.length > 0 ? [adding] : [element('p', 'hint', 'No column has exact numbers to add up.')];
  const removeAll = (): undefined => {
    apply(null);
    return undefined;
  };
  const remove = group === null ? [] : [{ label: 'Remove Groups', press: removeAll }];
  openDialog('Group', [...fields, ...some, hint], [{ label: 'Apply', press: applyGroup }, ...remove], closed);
}
