import type {
  ColumnFilter,
  Group,
  GroupBy,
  SumCell,
  TableView,
  UsageTable,
} from '../../src/engine/table/usageTable.ts';

type Cell = string | null;
type Row = readonly Cell[];

/** Columns of the tables that pages are tested with. */
const COLUMNS = [
  ['Date', 'date'],
  ['Customer', 'text'],
  ['Service', 'text'],
  ['Resource', 'text'],
  ['Quantity', 'decimal'],
  ['Cost', 'decimal'],
  ['Currency', 'text'],
  ['UnitPrice', 'double'],
  ['Count', 'integer'],
  ['Tags', 'text'],
] as const;

const CUSTOMERS = [
  'Alder Mill',
  'Brightwater Opera',
  'מאפיית השחר הירושלמית',
  'Cinder & Sons <b>Ltd</b>',
  'The Extraordinarily Long-Named Consolidated Harbour and Inland Waterways Holding Company of the North',
  '',
  null,
];

const SERVICES = ['Virtual Machines', 'Storage', 'Azure SQL Database', 'Bandwidth', '=SUM(A1:A9)'];

const CURRENCIES = ['EUR', 'EUR', 'USD', 'EUR', 'JPY'];

/** The row of a number: every test knows what stands in it. */
export function memoryRow(index: number): Cell[] {
  const day = `2026-10-${String((index % 31) + 1).padStart(2, '0')}`;
  return [
    day,
    CUSTOMERS[index % CUSTOMERS.length] ?? null,
    SERVICES[index % SERVICES.length] ?? null,
    `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-${index % 97}/providers/Microsoft.Compute/virtualMachines/vm-${index}`,
    index % 11 === 0 ? null : `${index % 24}.5`,
    index === 7 ? '123456789012345678.12345678901234567891' : `${index % 100}.25`,
    CURRENCIES[index % CURRENCIES.length] ?? null,
    '0.1',
    String(index),
    index % 3 === 0 ? null : index % 3 === 1 ? '' : '{"cost center": "42", "owner": "Zoë"}',
  ];
}

/** What a test makes of the questions before they are answered. */
export interface MemoryTableOptions {
  rows: number;
  /** Runs before each answer: waits, or throws. */
  before?: (about: keyof UsageTable, signal: AbortSignal | undefined) => Promise<void> | void;
}

/** A table in the memory of the test, whose rows are made when they are asked for. Only small ones can be sorted, filtered and grouped. */
export function memoryTable({ rows: total, before }: MemoryTableOptions): UsageTable {
  const names = COLUMNS.map(([name]) => name as string);
  const at = (name: string) => names.indexOf(name);
  const prepare = async (about: keyof UsageTable, signal?: AbortSignal) => {
    await before?.(about, signal);
    signal?.throwIfAborted();
  };
  const indexes = (view: TableView): number[] | undefined => {
    if (view.sort.length === 0 && view.filters.length === 0) {
      return undefined;
    }
    const kept = Array.from({ length: Math.min(total, 20_000) }, (_, index) => index).filter((index) => {
      const row = memoryRow(index);
      return view.filters.every((filter) => passes(row[at(filter.column)] ?? null, filter));
    });
    return kept.sort((one, other) => {
      for (const { column, descending } of view.sort) {
        const [a, b] = [memoryRow(one)[at(column)] ?? null, memoryRow(other)[at(column)] ?? null];
        const order = compare(a, b) * (descending ? -1 : 1);
        if (order !== 0) {
          return order;
        }
      }
      return one - other;
    });
  };
  const seen = (view: TableView, first = 0, count = Number.MAX_SAFE_INTEGER): Row[] => {
    const chosen = indexes(view);
    const length = Math.max(0, Math.min(count, (chosen?.length ?? total) - first));
    return Array.from({ length }, (_, offset) => memoryRow(chosen?.[first + offset] ?? first + offset));
  };
  const add = (rows: readonly Row[], columns: readonly string[]): SumCell[] =>
    columns.flatMap((column) => {
      const sums = new Map<string | null, SumCell>();
      for (const row of rows) {
        const currency = column === 'Cost' ? (row[at('Currency')] ?? null) : null;
        const value = row[at(column)];
        const sum = sums.get(currency) ?? { column, currency, sum: '0', values: 0 };
        sums.set(currency, sum);
        if (typeof value === 'string') {
          sum.sum = plus(sum.sum, value);
          sum.values += 1;
        }
      }
      return [...sums.values()];
    });
  return {
    columns: COLUMNS.map(([name, kind]) => ({ name, kind })),
    files: ['/memory.csv'],
    async rows(view, first, count, columns, signal) {
      await prepare('rows', signal);
      return seen(view, first, count).map((row) => columns.map((name) => row[at(name)] ?? null));
    },
    async count(view, signal) {
      await prepare('count', signal);
      return indexes(view)?.length ?? total;
    },
    async groups(view, by, order, first, count, signal) {
      await prepare('groups', signal);
      const groups = grouped(seen(view), by, at, add);
      const weight = ({ keys, sums }: Group) =>
        order.sum === undefined ? keys.join('\0') : Number(sums.find(({ column }) => column === order.sum)?.sum ?? 0);
      groups.sort((a, b) => (weight(a) < weight(b) ? -1 : 1) * (order.descending ? -1 : 1));
      return { rows: groups.slice(first, first + count), total: groups.length };
    },
    async sums(view, columns, range, signal) {
      await prepare('sums', signal);
      const rows = seen(view, range?.first, range?.count);
      return { rows: rows.length, sums: add(rows, columns) };
    },
    async find(view, text, columns, from, backwards, signal) {
      await prepare('find', signal);
      const rows = seen(view).slice(0, 20_000);
      const order = [...rows.keys()];
      const turned = backwards
        ? [...order.slice(0, from).reverse(), ...order.slice(from).reverse()]
        : [...order.slice(from), ...order.slice(0, from)];
      for (const row of turned) {
        const column = columns.find((name) => rows[row]?.[at(name)]?.toLowerCase().includes(text.toLowerCase()));
        if (column !== undefined) {
          return { row, column };
        }
      }
      return undefined;
    },
    async values(view, column, text, most, signal) {
      await prepare('values', signal);
      const counts = new Map<Cell, number>();
      for (const row of seen(view)) {
        const value = row[at(column)] ?? null;
        if ((value ?? '').toLowerCase().includes(text.toLowerCase())) {
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
      return [...counts]
        .map(([value, rows]) => ({ value, rows }))
        .sort((a, b) => b.rows - a.rows)
        .slice(0, most);
    },
    async export(view, _columns, _to, signal) {
      await prepare('export', signal);
      return { rows: seen(view).length, bytes: 1_234_567 };
    },
    async close() {},
  };
}

function passes(value: Cell, filter: ColumnFilter): boolean {
  const text = (value ?? '').toLowerCase();
  switch (filter.test) {
    case 'oneOf':
      return filter.values.includes(value);
    case 'noneOf':
      return !filter.values.includes(value);
    case 'contains':
      return text.includes(filter.text.toLowerCase());
    case 'notContains':
      return !text.includes(filter.text.toLowerCase());
    case 'startsWith':
      return text.startsWith(filter.text.toLowerCase());
    case 'between':
      return value !== null && compare(value, filter.from ?? value) >= 0 && compare(value, filter.to ?? value) <= 0;
    case 'empty':
      return text === '';
    case 'notEmpty':
      return text !== '';
  }
}

function compare(one: Cell, other: Cell): number {
  if (one === null || other === null) {
    return one === other ? 0 : one === null ? 1 : -1;
  }
  const difference = Number(one) - Number(other);
  return Number.isNaN(difference) ? (one < other ? -1 : one > other ? 1 : 0) : difference;
}

function grouped(
  rows: readonly Row[],
  by: GroupBy,
  at: (name: string) => number,
  add: (rows: readonly Row[], columns: readonly string[]) => SumCell[],
): Group[] {
  const groups = new Map<string, { keys: Cell[]; rows: Row[] }>();
  for (const row of rows) {
    const keys = by.columns.map(({ column, by: part }) => {
      const value = row[at(column)] ?? null;
      return part === 'month' ? (value?.slice(0, 7) ?? null) : value;
    });
    const key = JSON.stringify(keys);
    const group = groups.get(key) ?? { keys, rows: [] };
    groups.set(key, group);
    group.rows.push(row);
  }
  return [...groups.values()].map((group) => ({
    keys: group.keys,
    rows: group.rows.length,
    sums: add(group.rows, by.sums),
  }));
}

/** Exact, of decimals of one sign: twenty digits behind the point are enough here. */
function plus(one: string, other: string): string {
  const units = (text: string) => {
    const [whole = '0', rest = ''] = text.split('.');
    return BigInt(whole + rest.padEnd(20, '0'));
  };
  const digits = (units(one) + units(other)).toString().padStart(21, '0');
  return `${digits.slice(0, -20)}.${digits.slice(-20)}`.replace(/\.?0+$/, '');
}
