import { element } from '../../workbench/webview/elements.ts';
import type { PageCell, PageColumn, PageFilter, PageView } from '../tableContract.ts';
import { valueText } from './choice.ts';
import { checkbox, field, openDialog, select, textInput } from './dialog.ts';
import { counted, countText } from './numbers.ts';
import { type Asked, NoAnswer } from './questions.ts';

type Test = PageFilter['test'];
type ValueCount = { value: PageCell; rows: number };

const TESTS: readonly { value: Test; label: string }[] = [
  { value: 'oneOf', label: 'is one of' },
  { value: 'noneOf', label: 'is none of' },
  { value: 'contains', label: 'contains' },
  { value: 'notContains', label: 'does not contain' },
  { value: 'startsWith', label: 'starts with' },
  { value: 'between', label: 'is between' },
  { value: 'empty', label: 'is empty' },
  { value: 'notEmpty', label: 'is not empty' },
];

/** Values that are listed. */
const MOST = 300;

/** A pause in typing. Milliseconds. */
const PAUSE = 200;

export interface FilterSurroundings {
  columns: readonly PageColumn[];
  view: PageView;
  values(view: PageView, column: string, text: string, most: number): Asked<{ values: ValueCount[] }>;
  /** The filters of a column are these now. */
  apply(column: string, filters: PageFilter[]): void;
  closed(): void;
}

/** Asks which rows of a column are shown. */
export function askFilter(start: string, around: FilterSurroundings): void {
  const form = new FilterForm(start, around);
  openDialog(
    'Filter',
    form.content,
    [
      { label: 'Apply', press: () => form.apply() },
      { label: 'Remove Filter', press: () => form.clear() },
    ],
    () => {
      form.close();
      around.closed();
    },
  );
}

class FilterForm {
  readonly #around: FilterSurroundings;
  readonly #column: HTMLSelectElement;
  readonly #test: HTMLSelectElement;
  readonly #text = textInput('Text', '');
  readonly #from = textInput('From', '');
  readonly #to = textInput('To', '');
  readonly #search = textInput('Search values', '', 'search');
  readonly #list = element('div', 'values');
  readonly #hint = element('p', 'hint');
  readonly #body = element('div', 'test');
  #chosen: PageCell[] = [];
  #asked: Asked<{ values: ValueCount[] }> | undefined;
  #timer: number | undefined;

  constructor(start: string, around: FilterSurroundings) {
    this.#around = around;
    const columns = around.columns.map(({ name }) => ({ value: name, label: name }));
    this.#column = select(columns, start);
    this.#test = select(TESTS, 'oneOf');
    this.#hint.setAttribute('role', 'status');
    this.#list.setAttribute('role', 'group');
    this.#list.setAttribute('aria-label', 'Values');
    this.#search.autofocus = true;
    this.#search.placeholder = 'Search values';
    this.#column.addEventListener('change', () => this.#showColumn());
    this.#test.addEventListener('change', () => this.#showTest());
    this.#search.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#read(), PAUSE);
    });
    this.#showColumn();
  }

  get content(): Node[] {
    return [field('Column', this.#column), field('Rows where it', this.#test), this.#body];
  }

  apply(): boolean {
    const filter = this.#filter();
    if (typeof filter === 'string') {
      this.#hint.textContent = filter;
      this.#hint.classList.add('failed');
      this.#body.append(this.#hint);
      return false;
    }
    this.#around.apply(this.#column.value, [filter]);
    return true;
  }

  clear(): undefined {
    this.#around.apply(this.#column.value, []);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asked?.drop();
  }

  /** The filter, or what is missing for one. */
  #filter(): PageFilter | string {
    const column = this.#column.value;
    const test = this.#test.value as Test;
    switch (test) {
      case 'oneOf':
      case 'noneOf':
        return this.#chosen.length === 0 ? 'Tick at least one value.' : { column, test, values: this.#chosen };
      case 'contains':
      case 'notContains':
      case 'startsWith':
        return this.#text.value === '' ? 'Write a text.' : { column, test, text: this.#text.value };
      case 'between': {
        const from = this.#from.value.trim();
        const to = this.#to.value.trim();
        return from === '' && to === ''
          ? 'Write where it begins, where it ends, or both.'
          : { column, test, ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) };
      }
      default:
        return { column, test };
    }
  }

  /** What is filtered already is where one begins. */
  #showColumn(): void {
    const filter = this.#around.view.filters.find(({ column }) => column === this.#column.value);
    this.#chosen = filter !== undefined && 'values' in filter ? [...filter.values] : [];
    this.#text.value = filter !== undefined && 'text' in filter ? filter.text : '';
    this.#from.value = filter?.test === 'between' ? (filter.from ?? '') : '';
    this.#to.value = filter?.test === 'between' ? (filter.to ?? '') : '';
    this.#search.value = '';
    this.#test.value = filter?.test ?? 'oneOf';
    this.#showTest();
  }

  #showTest(): void {
    this.#hint.textContent = '';
    this.#hint.classList.remove('failed');
    switch (this.#test.value as Test) {
      case 'oneOf':
      case 'noneOf':
        this.#body.replaceChildren(this.#search, this.#list, this.#hint);
        this.#read();
        break;
      case 'between': {
        const { kind } = this.#around.columns.find(({ name }) => name === this.#column.value) ?? {};
        this.#hint.textContent =
          kind === 'date' || kind === 'timestamp'
            ? 'Both ends are included, such as 2026-11-01 and 2026-11-30.'
            : 'Both ends are included.';
        this.#body.replaceChildren(field('From', this.#from), field('To', this.#to), this.#hint);
        break;
      }
      case 'empty':
      case 'notEmpty':
        this.#body.replaceChildren();
        break;
      default:
        this.#hint.textContent = 'Capital and small letters are the same.';
        this.#body.replaceChildren(field('Text', this.#text), this.#hint);
    }
  }

  /** Values among the rows that the other columns leave. */
  #read(): void {
    this.#asked?.drop();
    const column = this.#column.value;
    const { sort, filters } = this.#around.view;
    const others = filters.filter((filter) => filter.column !== column);
    this.#hint.textContent = 'Counting values…';
    this.#asked = this.#around.values({ sort, filters: others }, column, this.#search.value, MOST);
    this.#asked.answer.then(
      ({ values }) => this.#showValues(values),
      (error: unknown) => {
        if (error instanceof NoAnswer && error.why !== 'dropped') {
          this.#hint.textContent = error.message;
        }
      },
    );
  }

  #showValues(values: readonly ValueCount[]): void {
    const listed = new Set(values.map(({ value }) => value));
    const unlisted = this.#search.value === '' ? this.#chosen.filter((value) => !listed.has(value)) : [];
    const box = (value: PageCell, rows: number | undefined) => {
      const made = checkbox(valueText(value), this.#chosen.includes(value), (checked) => {
        this.#chosen = checked ? [...this.#chosen, value] : this.#chosen.filter((one) => one !== value);
      });
      made.append(element('span', 'count', rows === undefined ? '' : countText(rows)));
      return made;
    };
    this.#list.replaceChildren(
      ...unlisted.map((value) => box(value, undefined)),
      ...values.map(({ value, rows }) => box(value, rows)),
    );
    this.#hint.textContent =
      values.length === MOST
        ? `The ${MOST} most frequent values; search for others.`
        : values.length === 0
          ? 'No value is like this.'
          : counted(values.length, 'value');
  }
}
