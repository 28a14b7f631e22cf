import { button, element, nameElement } from '../../workbench/webview/elements.ts';
import { keepState } from '../../workbench/webview/host.ts';
import type {
  PageCell,
  PageChoice,
  PageColumn,
  PageFilter,
  PageGroup,
  TableAction,
  UsageTableToHost,
  UsageTableToPage,
} from '../tableContract.ts';
import { Blocks, type Part } from './blocks.ts';
import {
  filterText,
  fittingWidth,
  groupColumnText,
  groupFilters,
  groupOrderedBy,
  isExact,
  restoredChoice,
  sortedBy,
} from './choice.ts';
import { askColumns, heldWidth } from './columnDialog.ts';
import { askFilter } from './filterDialog.ts';
import { FindBar } from './findBar.ts';
import { listenToKeys, listenToPointer } from './gridInput.ts';
import { type GridModel, GridView } from './gridView.ts';
import { askGroup } from './groupDialog.ts';
import { groupModel, groupOrders, groupSource, rowModel, rowSource, shownNames } from './models.ts';
import { Notices } from './notices.ts';
import { counted, countText, sumsText } from './numbers.ts';
import { type Asked, NoAnswer, Questions } from './questions.ts';
import { sizeOf } from './selection.ts';
import { Work } from './work.ts';

type Table = Extract<UsageTableToPage, { type: 'table' }>;

/** What buttons of the extension are called. */
export const ACTION_LABELS: Readonly<Record<TableAction, string>> = {
  cancel: 'Cancel',
  reload: 'Reload',
  openAsText: 'Open as Text',
  showLog: 'Show Log',
  fetchAgain: 'Fetch Again',
};

/** A pause in moving before sums are asked for and the place is kept. Milliseconds. */
const PAUSE = 150;

/** A page with a table: what is shown, and what keys, mouse and buttons do to it. */
export class TablePage {
  readonly element = element('div', 'table');
  readonly #send: (message: UsageTableToHost) => void;
  #columns: readonly PageColumn[];
  readonly #keep: unknown;
  readonly #questions: Questions;
  readonly #grid: GridView;
  readonly #find: FindBar;
  readonly #notices = new Notices();
  readonly #work: Work;
  readonly #chips = element('div', 'chips');
  readonly #count = element('span', 'count');
  readonly #sums = element('span', 'selection');
  /** What happens is said here, to whoever does not see it. */
  readonly #live = element('div', 'spoken');
  #choice: PageChoice;
  #model: GridModel | undefined;
  #blocks: Blocks<readonly PageCell[]> | Blocks<PageGroup> | undefined;
  /** How many rows or groups; undefined until it is known. */
  #known: number | undefined;
  #adding: Asked<unknown> | undefined;
  #timer: number | undefined;
  readonly #groupWidths = new Map<string, number>();
  /** Whether widths follow what is shown, and the columns whose widths did. */
  readonly #fits: boolean;
  readonly #fitted = new Set<string>();
  /** The sums of all groups, empty while they come; undefined until they are asked for. */
  #together: string | undefined;
  /** Where one was before a group was opened. */
  #back: PageChoice | undefined;

  constructor(message: Table, kept: PageChoice | null, send: (message: UsageTableToHost) => void) {
    this.#send = send;
    this.#columns = message.columns;
    this.#keep = message.keep;
    this.#choice = restoredChoice(kept, message.columns);
    this.#fits = kept === null;
    this.#work = new Work(() => this.#questions.cancelAll());
    this.#questions = new Questions({
      send,
      changed: (open) => this.#work.show(open, this.#choice.view.sort.length > 0),
    });
    this.#find = new FindBar({
      find: (text, backwards) => this.#search(text, backwards),
      closed: () => this.#grid.focus(),
    });
    this.#grid = new GridView(message.title, {
      inSight: (part) => this.#want(part),
      moved: () => this.#moved(),
      chosen: (row) => this.#open(row),
      sort: (column, more) => this.#sort(column, more),
      filter: (column) => this.#askFilter(this.#choice.group === null ? column : undefined),
      resize: (column, width, done) => this.#resize(column, width, done),
    });
    listenToPointer(this.#grid, (row) => this.#open(row));
    listenToKeys(this.#grid, {
      copy: () => this.#copy(),
      find: () => this.#find.open(),
      findNext: (backwards) => this.#search(this.#find.text, backwards),
      choose: (row) => this.#open(row),
      sort: (column, more) => this.#sort(column, more),
      filter: (column) => this.#askFilter(this.#choice.group === null ? column : undefined),
      widen: (column, by) => this.#resize(column, this.#widthOf(column) + by, true),
      move: (column, by) => this.#moveColumn(column, by),
    });
    this.#live.setAttribute('role', 'status');
    this.#chips.setAttribute('role', 'group');
    this.#chips.setAttribute('aria-label', 'What is shown');
    const heading = element('h1', 'spoken', nameElement(message.title));
    const status = element('div', 'status', this.#count, this.#sums, this.#work.element);
    this.element.append(
      heading,
      this.#toolbar(),
      this.#chips,
      this.#find.element,
      this.#notices.element,
      this.#grid.element,
      status,
      ...(message.about === undefined ? [] : [this.#about(message.about)]),
      this.#live,
    );
    this.element.addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f' && !event.altKey) {
        event.preventDefault();
        event.stopPropagation();
        this.#find.open();
      }
    });
  }

  #about({ text, actions }: NonNullable<Table['about']>): HTMLElement {
    const buttons = actions.map((action) => {
      const made = button(ACTION_LABELS[action], () => this.#send({ type: 'act', action }));
      made.className = 'secondary';
      return made;
    });
    return element('div', 'about', element('span', '', text), ...buttons);
  }

  /** After it stands in the page: reads what is in sight. */
  start(): void {
    const { place } = this.#choice;
    this.#show(place);
    this.takeFocus();
  }

  /** The grid has the focus where the page has it and nothing in it does; a palette that is open keeps it. */
  takeFocus(): void {
    if (document.hasFocus() && document.activeElement === document.body) {
      this.#grid.focus();
    }
  }

  /** It is taken out of the page. */
  close(): void {
    clearTimeout(this.#timer);
    this.#questions.dropAll();
  }

  hear(message: Extract<UsageTableToPage, { type: 'answer' | 'failed' | 'note' | 'columns' }>): void {
    if (message.type === 'columns') {
      this.#columns = message.columns;
      this.#redraw();
      return;
    }
    if (message.type === 'note') {
      const buttons = message.actions.map((action) => ({
        label: ACTION_LABELS[action],
        press: () => this.#send({ type: 'act', action }),
      }));
      this.#notices.show(
        message.about,
        message.message === '' ? undefined : { failed: false, text: message.message, buttons },
      );
    } else {
      this.#questions.hear(message);
    }
  }

  /** What the editor's own Copy does while the focus is on a cell. */
  copyFromMenu(): boolean {
    const inGrid = this.#grid.element.contains(document.activeElement);
    if (inGrid) {
      this.#copy();
    }
    return inGrid;
  }

  #toolbar(): HTMLElement {
    const press = (label: string, act: () => void) => {
      const made = button(label, act);
      made.className = 'secondary';
      return made;
    };
    return element(
      'div',
      'toolbar',
      press('Columns…', () => this.#askColumns()),
      press('Filter…', () => this.#askFilter(undefined)),
      press('Group…', () => this.#askGroup()),
      press('Find…', () => this.#find.open()),
      press('Copy', () => this.#copy()),
      press('Export CSV…', () => this.#export('csv')),
      press('Export Parquet…', () => this.#export('parquet')),
    );
  }

  /** Another choice: what was asked for the old one is forgotten. */
  #choose(changes: Partial<PageChoice>, spoken: string): void {
    const sameRows = changes.view === undefined && changes.group === undefined;
    const { filters } = this.#choice.view;
    this.#choice = { ...this.#choice, ...changes };
    const sameCount = changes.group === undefined && changes.view?.filters === filters && this.#choice.group === null;
    this.#known = sameRows || sameCount ? this.#known : undefined;
    this.#say(spoken);
    this.#show(
      sameRows
        ? { ...this.#grid.active, top: this.#grid.top }
        : { row: Math.min(0, this.#grid.active.row), column: this.#grid.active.column, top: 0 },
    );
  }

  #show(place: PageChoice['place']): void {
    this.#questions.dropAll();
    this.#blocks?.close();
    this.#notices.show('question', undefined);
    const { group, columns, view } = this.#choice;
    const came = (seen: number, isEnd: boolean) => this.#came(seen, isEnd);
    const failed = (why: NoAnswer) => this.#tellFailure(why, () => this.#blocks?.resume());
    if (group === null) {
      const blocks = new Blocks(rowSource(this.#questions, this.#choice), came, failed);
      this.#blocks = blocks;
      this.#model = rowModel(this.#choice, this.#columns, blocks);
    } else {
      const source = groupSource(this.#questions, this.#choice, group, (total) => this.#counted(total));
      const blocks = new Blocks(source, came, failed);
      this.#blocks = blocks;
      this.#model = groupModel(group, this.#groupWidths, blocks);
    }
    this.#grid.show(this.#model);
    this.#grid.setCount(this.#known ?? Math.max(place.row + 1, 1), this.#known !== undefined);
    this.#grid.restore(place);
    this.#drawChips();
    this.#drawCount();
    this.#send({ type: 'shown', view, columns: shownNames(columns) });
    if (group === null && this.#known === undefined) {
      this.#countRows();
    }
    this.#together = undefined;
    this.#drawSelection();
    this.#keepSoon();
  }

  #want(part: Part): void {
    this.#blocks?.want(part);
  }

  #countRows(): void {
    this.#questions.ask({ about: 'count', view: this.#choice.view }).answer.then(
      ({ rows }) => this.#counted(rows),
      (error: unknown) => this.#tellFailure(error, () => this.#countRows()),
    );
  }

  #counted(rows: number): void {
    if (this.#known === rows) {
      return;
    }
    this.#known = rows;
    this.#grid.setCount(rows, true);
    this.#drawCount();
    this.#say(this.#count.textContent ?? '');
    const isFiltered = this.#choice.view.filters.length > 0;
    this.#notices.show(
      'empty',
      rows > 0
        ? undefined
        : isFiltered
          ? {
              failed: false,
              text: 'No row passes the filters.',
              buttons: [{ label: 'Clear Filters', press: () => this.#setFilters([], 'Filters cleared.') }],
            }
          : { failed: false, text: 'The file has columns and no rows.', buttons: [] },
    );
  }

  /** A block came. Until the rows are counted, one more than were seen is drawn as waiting. */
  #came(seen: number, isEnd: boolean): void {
    if (this.#known === undefined) {
      if (isEnd) {
        this.#counted(seen);
      } else if (seen >= this.#grid.rowCount) {
        this.#grid.setCount(seen + 1, false);
      }
    }
    this.#fit();
    this.#grid.drawSoon();
    const { group, view } = this.#choice;
    if (group !== null && this.#together === undefined) {
      this.#together = '';
      // When the groups are painted, which would have to share the machine.
      requestAnimationFrame(() =>
        setTimeout(() => {
          if (this.#choice.group === group && this.#choice.view === view) {
            this.#tellSums(view, group.by.sums, undefined, 'Together');
          }
        }),
      );
    }
  }

  /** Columns of text as wide as their first rows need, each once, unless somebody chose widths before. */
  #fit(): void {
    const model = this.#model;
    if (this.#choice.group !== null || model === undefined || !this.#fits) {
      return;
    }
    const wider = new Map<string, number>();
    for (const [at, head] of model.heads.entries()) {
      if (head.isNumber || this.#fitted.has(head.label) || model.cell(0, at) === undefined) {
        continue;
      }
      this.#fitted.add(head.label);
      const needed = fittingWidth((row) => model.cell(row, at)?.text);
      if (needed > head.width) {
        wider.set(head.label, needed);
      }
    }
    if (wider.size > 0) {
      const columns = this.#choice.columns.map((one) => ({ ...one, width: wider.get(one.name) ?? one.width }));
      this.#choice = { ...this.#choice, columns };
      this.#redraw();
    }
  }

  #drawCount(): void {
    const { group } = this.#choice;
    const one = group === null ? 'row' : 'group';
    this.#count.textContent = this.#known === undefined ? 'Counting rows…' : counted(this.#known, one);
  }

  #say(words: string): void {
    this.#live.textContent = words;
  }

  #tellFailure(error: unknown, again: () => void): void {
    if (!(error instanceof NoAnswer) || error.why === 'dropped') {
      return;
    }
    const retry = {
      label: 'Try Again',
      press: () => {
        this.#notices.show('question', undefined);
        again();
      },
    };
    const log = { label: ACTION_LABELS.showLog, press: () => this.#send({ type: 'act', action: 'showLog' }) };
    const isFailure = error.why === 'failed';
    this.#notices.show('question', {
      failed: isFailure,
      text: isFailure ? error.message : 'Cancelled: what is not there was not read.',
      buttons: isFailure ? [retry, log] : [retry],
    });
  }

  #moved(): void {
    this.#drawSelection();
    this.#keepSoon();
  }

  #keepSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#choice = { ...this.#choice, place: { ...this.#grid.active, top: this.#grid.top } };
      keepState({ keep: this.#keep, choice: this.#choice });
      this.#addUp();
    }, PAUSE);
  }

  /** How many cells, and their sums as soon as they are known. */
  #drawSelection(): void {
    if (this.#choice.group !== null) {
      const isNumber = this.#model?.heads[this.#grid.active.column]?.isNumber === true;
      const words = [isNumber ? this.#cellText() : '', this.#together ?? ''].filter((part) => part !== '').join(' · ');
      this.#tellBelow(words);
      return;
    }
    this.#adding?.drop();
    this.#adding = undefined;
    const { rows, columns } = sizeOf(this.#grid.selected);
    this.#tellBelow(rows * columns > 1 ? this.#selectionText() : this.#cellText());
  }

  /** The active cell to its end: what is cut in the grid can be read there. */
  #cellText(): string {
    const { row, column } = this.#grid.active;
    const head = this.#model?.heads[column];
    const cell = row < 0 ? undefined : this.#model?.cell(row, column);
    return head === undefined || cell === undefined || cell.text === '' ? '' : `${head.label}: ${cell.text}`;
  }

  #tellBelow(words: string): void {
    this.#sums.textContent = words;
    this.#sums.title = words;
  }

  #selectionText(): string {
    const { rows, columns } = sizeOf(this.#grid.selected);
    return `${counted(rows * columns, 'cell')} in ${counted(rows, 'row')}`;
  }

  #addUp(): void {
    const { group, view } = this.#choice;
    if (group !== null) {
      return;
    }
    this.#adding?.drop();
    this.#adding = undefined;
    const { firstRow, firstColumn, lastColumn } = this.#grid.selected;
    const { rows, columns } = sizeOf(this.#grid.selected);
    const exact = new Set(this.#columns.filter(isExact).map(({ name }) => name));
    const names = shownNames(this.#choice.columns).slice(firstColumn, lastColumn + 1);
    if (rows * columns > 1) {
      const range = { first: Math.max(0, firstRow), count: rows };
      const added = names.filter((name) => exact.has(name));
      this.#tellSums(view, added, range, this.#selectionText());
    }
  }

  #tellSums(
    view: PageChoice['view'],
    columns: string[],
    range: { first: number; count: number } | undefined,
    before: string,
  ): void {
    if (columns.length === 0) {
      return;
    }
    const asked = this.#questions.ask({ about: 'sums', view, columns, ...(range === undefined ? {} : { range }) });
    this.#adding = asked;
    asked.answer.then(
      ({ sums }) => {
        if (this.#adding === asked) {
          const values = sums.reduce((most, sum) => Math.max(most, sum.values), 0);
          const words = `${before} · ${sumsText(sums)}${range === undefined ? '' : ` (${counted(values, 'value')})`}`;
          if (range === undefined) {
            this.#together = words;
            this.#drawSelection();
          } else {
            this.#tellBelow(words);
          }
          this.#say(words);
        }
      },
      (error: unknown) => {
        if (error instanceof NoAnswer && error.why !== 'dropped') {
          this.#tellBelow(`${before} · ${error.why === 'cancelled' ? 'not added up' : error.message}`);
        }
      },
    );
  }

  #sort(column: number, more: boolean): void {
    const { group, view, columns } = this.#choice;
    if (group !== null) {
      const sum = groupOrders(group)[column];
      if (sum !== null) {
        const order = groupOrderedBy(group, sum);
        const { label = '' } = { label: sum ?? 'group' };
        this.#choose(
          { group: { ...group, order } },
          `Sorted by ${label}, ${order.descending ? 'descending' : 'ascending'}.`,
        );
      }
      return;
    }
    const name = shownNames(columns)[column];
    if (name !== undefined) {
      const sort = sortedBy(view.sort, name, more);
      const words = sort.map((key) => `${key.column} ${key.descending ? 'descending' : 'ascending'}`).join(', ');
      this.#choose({ view: { ...view, sort } }, words === '' ? 'In the order of the file.' : `Sorted by ${words}.`);
    }
  }

  #setFilters(filters: PageFilter[], spoken: string): void {
    this.#notices.show('empty', undefined);
    this.#choose({ view: { ...this.#choice.view, filters } }, spoken);
  }

  #askFilter(column: number | undefined): void {
    const { view, columns } = this.#choice;
    const shown = shownNames(columns);
    const start = shown[column ?? (this.#choice.group === null ? this.#grid.active.column : 0)] ?? shown[0] ?? '';
    askFilter(start, {
      columns: this.#columns,
      view,
      values: (others, name, text, most) =>
        this.#questions.ask({ about: 'values', view: others, column: name, text, most }),
      apply: (name, filters) => {
        const others = this.#choice.view.filters.filter((filter) => filter.column !== name);
        const [filter] = filters;
        this.#setFilters(
          [...others, ...filters],
          filter === undefined ? `${name} is not filtered.` : filterText(filter),
        );
      },
      closed: () => this.#grid.focus(),
    });
  }

  #askColumns(): void {
    askColumns(
      this.#choice.columns,
      (columns) => this.#choose({ columns }, `${counted(shownNames(columns).length, 'column')} shown.`),
      () => this.#grid.focus(),
    );
  }

  #askGroup(): void {
    askGroup(
      this.#columns,
      this.#choice.group,
      (group) => this.#setGroup(group),
      () => this.#grid.focus(),
    );
  }

  #setGroup(group: PageChoice['group']): void {
    this.#back = undefined;
    const words =
      group === null ? 'Rows as in the file.' : `Grouped by ${group.by.columns.map(groupColumnText).join(', ')}.`;
    this.#choose({ group }, words);
  }

  /** The rows of a group. */
  #open(row: number): void {
    const { group, view } = this.#choice;
    const line = group === null ? undefined : (this.#blocks as Blocks<PageGroup> | undefined)?.line(row, 0)?.line;
    if (group !== null && line !== undefined) {
      this.#back = { ...this.#choice, place: { ...this.#grid.active, top: this.#grid.top } };
      const filters = groupFilters(group.by, line);
      const sort = group.by.sums.slice(0, 1).map((column) => ({ column, descending: true }));
      this.#choose(
        { group: null, view: { sort, filters: [...view.filters, ...filters] } },
        `Rows of the group ${filters.map(filterText).join(', ')}.`,
      );
    }
  }

  #goBack(choice: PageChoice): void {
    this.#back = undefined;
    this.#choice = choice;
    this.#known = undefined;
    this.#notices.show('empty', undefined);
    this.#say('Groups again.');
    this.#show(choice.place);
    this.#grid.focus();
  }

  #widthOf(column: number): number {
    return this.#model?.heads[column]?.width ?? 150;
  }

  #resize(column: number, width: number, done: boolean): void {
    const name = this.#model?.heads[column]?.label;
    if (name === undefined) {
      return;
    }
    const held = heldWidth(width);
    if (this.#choice.group === null) {
      const columns = this.#choice.columns.map((one) => (one.name === name ? { ...one, width: held } : one));
      this.#choice = { ...this.#choice, columns };
    } else {
      this.#groupWidths.set(name, held);
    }
    this.#redraw();
    if (done) {
      this.#say(`${name}: ${held} pixels wide.`);
      this.#keepSoon();
    }
  }

  /** The same rows in other columns' places or widths: nothing is read. */
  #redraw(): void {
    const { group } = this.#choice;
    const blocks = this.#blocks;
    if (blocks !== undefined) {
      this.#model =
        group === null
          ? rowModel(this.#choice, this.#columns, blocks as Blocks<readonly PageCell[]>)
          : groupModel(group, this.#groupWidths, blocks as Blocks<PageGroup>);
      this.#grid.show(this.#model);
    }
  }

  #moveColumn(column: number, by: -1 | 1): void {
    const { group, columns } = this.#choice;
    const shown = columns.filter((one) => one.shown);
    const one = shown[column];
    const other = shown[column + by];
    if (group !== null || one === undefined || other === undefined) {
      return;
    }
    const swapped = columns.map((each) => (each === one ? other : each === other ? one : each));
    this.#choose({ columns: swapped }, `${one.name} is column ${column + by + 1}.`);
    this.#grid.moveTo({ row: -1, column: column + by });
  }

  #drawChips(): void {
    const { view, group } = this.#choice;
    const chip = (text: string, name: string, remove: () => void) => {
      const made = button('', remove);
      made.className = 'chip';
      made.setAttribute('aria-label', name);
      made.title = name;
      const mark = element('span', 'x', '✕');
      made.append(nameElement(text), mark);
      return made;
    };
    const back = this.#back;
    const filters = view.filters.map((filter, index) => {
      const text = filterText(filter);
      return chip(text, `Remove filter: ${text}`, () =>
        this.#setFilters(
          view.filters.filter((_, other) => other !== index),
          `Filter removed: ${text}.`,
        ),
      );
    });
    const groups =
      group === null
        ? []
        : [
            chip(`Grouped by ${group.by.columns.map(groupColumnText).join(', ')}`, 'Remove groups', () =>
              this.#setGroup(null),
            ),
          ];
    const clear = button('Clear Filters', () => this.#setFilters([], 'Filters cleared.'));
    clear.className = 'secondary';
    const goBack = button('← Groups', () => back !== undefined && this.#goBack(back));
    goBack.className = 'secondary';
    this.#chips.replaceChildren(
      ...(back === undefined ? [] : [goBack]),
      ...groups,
      ...filters,
      ...(filters.length > 1 ? [clear] : []),
    );
    this.#chips.hidden = this.#chips.childElementCount === 0;
  }

  #search(text: string, backwards: boolean): void {
    const { group, view, columns } = this.#choice;
    if (text === '') {
      this.#find.open();
      return;
    }
    if (group !== null) {
      this.#find.tell('Groups cannot be searched; open a group, or remove them.');
      return;
    }
    const { row, column } = this.#grid.active;
    const from = backwards ? Math.max(0, row) : row + 1;
    this.#find.tell('Searching…');
    const names = shownNames(columns);
    this.#questions.ask({ about: 'find', view, text, columns: names, from, backwards }).answer.then(
      ({ found }) => {
        if (found === null) {
          this.#find.tell('Not found.');
          return;
        }
        const isFocused = this.#find.element.contains(document.activeElement);
        const focused = document.activeElement;
        this.#grid.moveTo({ row: found.row, column: Math.max(0, names.indexOf(found.column)) });
        // Enter goes on to the next one.
        if (isFocused && focused instanceof HTMLElement) {
          focused.focus();
        }
        const around = backwards ? found.row >= row && row > 0 : found.row <= row && row >= 0 && column >= 0;
        this.#find.tell(
          `Row ${countText(found.row + 1)}, ${found.column}${around ? ` (from the ${backwards ? 'end' : 'beginning'} again)` : ''}`,
        );
      },
      (error: unknown) => {
        if (error instanceof NoAnswer && error.why !== 'dropped') {
          this.#find.tell(error.message);
        }
      },
    );
  }

  #copy(): void {
    const { group, view, columns } = this.#choice;
    const { firstRow, firstColumn, lastColumn } = this.#grid.selected;
    const { rows } = sizeOf(this.#grid.selected);
    const range = { first: Math.max(0, firstRow), count: rows };
    if (rows === 0) {
      this.#say('Nothing is selected.');
      return;
    }
    const asked =
      group === null
        ? this.#questions.ask({
            about: 'copy',
            view,
            columns: shownNames(columns).slice(firstColumn, lastColumn + 1),
            range,
          })
        : this.#questions.ask({ about: 'copyGroups', view, ...group, range });
    asked.answer.then(
      ({ cells }) => {
        if (cells !== null) {
          this.#tellDone(`Copied ${counted(cells, 'cell')} with headers.`);
        }
      },
      (error: unknown) => this.#tellFailure(error, () => this.#copy()),
    );
  }

  #export(format: 'csv' | 'parquet'): void {
    const { view, columns } = this.#choice;
    this.#questions.ask({ about: 'export', view, columns: shownNames(columns), format }).answer.then(
      ({ file, rows }) => {
        if (file !== null) {
          this.#tellDone(`Exported ${counted(rows, 'row')} to ${file}.`);
        }
      },
      (error: unknown) => this.#tellFailure(error, () => this.#export(format)),
    );
  }

  /** Said in the status line, where the sums were. */
  #tellDone(words: string): void {
    this.#adding?.drop();
    this.#adding = undefined;
    clearTimeout(this.#timer);
    this.#tellBelow(words);
    this.#say(words);
  }
}
