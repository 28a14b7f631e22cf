import type { PageCell, PageChoice, PageColumn, PageGroup } from '../tableContract.ts';
import type { BlockSource, Blocks } from './blocks.ts';
import type { GridCell } from './cellElement.ts';
import { groupColumnText, isNumber } from './choice.ts';
import type { GridModel } from './gridView.ts';
import type { GridHead } from './headElement.ts';
import { amountsText, countText } from './numbers.ts';
import type { Questions } from './questions.ts';

type Group = NonNullable<PageChoice['group']>;

function cellOf(value: PageCell | undefined): GridCell | undefined {
  return value === undefined
    ? undefined
    : value === null
      ? { text: '', blank: 'nothing' }
      : value === ''
        ? { text: '', blank: 'emptyText' }
        : { text: value };
}

/** Rows as they are, in columns that are shown. */
export function rowSource(questions: Questions, { columns, view }: PageChoice): BlockSource<readonly PageCell[]> {
  const names = shownNames(columns);
  return {
    rows: 128,
    columns: 16,
    ask(first, count, firstColumn, most) {
      const asked = questions.ask({
        about: 'rows',
        view,
        first,
        count,
        columns: names.slice(firstColumn, firstColumn + most),
      });
      return { answer: asked.answer.then(({ rows }) => rows), drop: asked.drop };
    },
  };
}

export function shownNames(columns: PageChoice['columns']): string[] {
  return columns.filter(({ shown }) => shown).map(({ name }) => name);
}

export function rowModel(
  { columns, view }: PageChoice,
  known: readonly PageColumn[],
  blocks: Blocks<readonly PageCell[]>,
): GridModel {
  const byName = new Map(known.map((column) => [column.name, column]));
  const heads = columns
    .filter(({ shown }) => shown)
    .map(({ name, width }): GridHead => {
      const column = byName.get(name);
      const place = view.sort.findIndex((key) => key.column === name);
      const key = view.sort[place];
      return {
        label: name,
        width,
        isNumber: column !== undefined && isNumber(column),
        sort: key && { descending: key.descending, place: view.sort.length > 1 ? place + 1 : 0 },
        canSort: true,
        isFiltered: view.filters.some((filter) => filter.column === name),
      };
    });
  return {
    heads,
    cell(row, column) {
      const found = blocks.line(row, column);
      return found && cellOf(found.line[column - found.from]);
    },
  };
}

/** @param told hears the number of groups */
export function groupSource(
  questions: Questions,
  { view }: PageChoice,
  { by, order }: Group,
  told: (total: number) => void,
): BlockSource<PageGroup> {
  return {
    rows: 128,
    columns: Number.MAX_SAFE_INTEGER,
    ask(first, count) {
      const asked = questions.ask({ about: 'groups', view, by, order, first, count });
      return {
        answer: asked.answer.then(({ rows, total }) => {
          told(total);
          return rows;
        }),
        drop: asked.drop,
      };
    },
  };
}

const KEY_WIDTH = 180;

/** Room for the amounts of two currencies with all their digits. */
const SUM_WIDTH = 420;

/** What heads a group is ordered by when they are pressed: undefined for keys, null for what orders nothing. */
export function groupOrders({ by }: Group): (string | undefined | null)[] {
  return [...by.columns.map(() => undefined), null, ...by.sums];
}

/** @param widths by what a head is called, where somebody changed it. Pixels */
export function groupModel(
  { by, order }: Group,
  widths: ReadonlyMap<string, number>,
  blocks: Blocks<PageGroup>,
): GridModel {
  const head = (label: string, width: number, isSum: boolean, isSorted: boolean, canSort = true): GridHead => ({
    label,
    width: widths.get(label) ?? width,
    isNumber: isSum,
    sort: isSorted ? { descending: order.descending, place: 0 } : undefined,
    canSort,
    isFiltered: undefined,
  });
  const keys = by.columns.map((column, index) =>
    head(groupColumnText(column), KEY_WIDTH, false, order.sum === undefined && index === 0),
  );
  const rows = head('Rows', 100, true, false, false);
  const sums = by.sums.map((name) => head(name, SUM_WIDTH, true, order.sum === name));
  return {
    heads: [...keys, rows, ...sums],
    cell(row, column) {
      const found = blocks.line(row, column);
      if (found === undefined) {
        return undefined;
      }
      const { line } = found;
      if (column < keys.length) {
        return cellOf(line.keys[column] ?? null);
      }
      const sum = by.sums[column - keys.length - 1];
      return sum === undefined ? { text: countText(line.rows) } : cellOf(amountsText(line.sums, sum) || null);
    },
  };
}
