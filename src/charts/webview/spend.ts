import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { SpendPicture, SpendQuestion } from '../../spend/spendShapes.ts';
import { readSpendToPage, type SpendToHost, type SpendToPage } from '../spendContract.ts';
import { element, nameElement } from './elements.ts';
import { listenToHost, postToHost } from './host.ts';
import { breakdownView } from './spendBreakdown.ts';
import { type ChartEvents, SpendChart } from './spendChart.ts';
import { type Colours, readColours, watchTheme } from './spendColours.ts';
import { columnsView } from './spendColumns.ts';
import { comparisonView } from './spendComparison.ts';
import { type Change, type Choices, spendControls } from './spendControls.ts';
import { cumulativeView } from './spendCumulative.ts';
import { dayNamesOf } from './spendDays.ts';
import { SpendFilters } from './spendFilters.ts';
import { legendList } from './spendLegend.ts';
import { SpendNotice, type Stopped, type Working } from './spendNotice.ts';
import { amountsOf } from './spendNumbers.ts';
import { pngOf, svgOf } from './spendPaper.ts';
import { csvOf, driverSheet, markdownOf, type Sheet, stepSheet } from './spendSheets.ts';
import { spendTable } from './spendTable.ts';
import type { ChartView, ViewInput } from './spendView.ts';

const SUMMARY = 'summary';

const HINT = 'Point at a mark, or move to it with Tab and the arrow keys; Enter opens the usage rows behind it.';

type Saved = Extract<SpendToPage, { type: 'save' }>['as'];

const tellHost: (message: SpendToHost) => void = postToHost;

/** What the panel shows, and what somebody does with it. All words and marks are made of what the extension sent last. */
class SpendPage {
  readonly #heading = element('h1', '');
  readonly #controls = element('div', '');
  readonly #summary = element('p', 'summary');
  readonly #marks = element('div', 'marks');
  readonly #legend = element('div', '');
  readonly #detail = element('p', 'detail');
  readonly #body = element('div', 'body');
  readonly #facts = element('ul', 'facts');
  readonly #saving = element('div', 'actions saving');
  readonly #notice: SpendNotice;
  readonly #filters: SpendFilters;
  readonly #chart: SpendChart;
  readonly #events: ChartEvents;
  #colours: Colours = readColours();
  #choices: Choices | undefined;
  #question: SpendQuestion | undefined;
  #picture: SpendPicture | undefined;
  /** The newest request, and the newest that was answered. */
  #asked = 0;
  #answered = 0;
  #valuesAsked = 0;
  /** What the controls were made of. */
  #controlled = '';

  constructor(main: HTMLElement) {
    this.#events = {
      pointed: ({ text }) => this.#detail.replaceChildren(text),
      chosen: ({ drill }) => {
        if (drill !== undefined) {
          tellHost({ type: 'drill', ...drill });
        }
      },
    };
    this.#notice = new SpendNotice({ tell: tellHost, confirm: () => this.#ask({}, true) });
    this.#filters = new SpendFilters({
      wanted: (by) => tellHost({ type: 'values', request: ++this.#valuesAsked, by }),
      changed: (filters) => this.#ask({ filters }),
    });
    this.#chart = new SpendChart(this.#events, SUMMARY);
    this.#summary.id = SUMMARY;
    this.#detail.setAttribute('aria-live', 'polite');
    this.#saving.append(...savingButtons((as) => this.#save(as)));
    this.#marks.append(this.#summary, this.#legend, this.#detail, this.#body, this.#facts, this.#saving);
    this.#marks.hidden = true;
    main.append(this.#heading, this.#controls, this.#filters.element, this.#notice.element, this.#marks);
  }

  hear(message: Exclude<SpendToPage, { type: 'keep' }>): void {
    switch (message.type) {
      case 'choices':
        this.#choose(message);
        break;
      case 'values':
        if (message.answers === this.#valuesAsked) {
          this.#filters.offer(message.by, message);
        }
        break;
      case 'working':
        this.#note(message);
        break;
      case 'stopped':
        this.#stop(message);
        break;
      case 'picture':
        this.#answer(message.answers, message.picture);
        break;
      case 'save':
        this.#save(message.as);
        break;
    }
  }

  /** The theme has changed. */
  recolour(): void {
    this.#colours = readColours();
    this.#draw();
  }

  #choose(choices: Choices): void {
    this.#choices = choices;
    this.#heading.replaceChildren(nameElement(choices.title));
    // What somebody changed since counts.
    if (this.#asked === this.#answered) {
      this.#question = choices.question;
    }
    this.#control();
  }

  /** An answer to a question that was changed since is out of date. */
  #isOld(answers: number): boolean {
    return answers !== 0 && answers !== this.#asked;
  }

  #answer(answers: number, picture: SpendPicture): void {
    if (this.#isOld(answers)) {
      return;
    }
    this.#answered = this.#asked;
    this.#question = picture.question;
    const same = JSON.stringify(picture) === JSON.stringify(this.#picture);
    this.#picture = picture;
    this.#control();
    if (picture.partial === undefined) {
      this.#note(undefined);
    }
    if (!same) {
      this.#draw();
    }
  }

  #stop(stopped: Stopped): void {
    if (this.#isOld(stopped.answers)) {
      return;
    }
    // A picture of another question would be taken for the answer to this one.
    if (this.#asked !== this.#answered) {
      this.#answered = this.#asked;
      this.#picture = undefined;
      this.#draw();
    }
    this.#note(stopped);
  }

  #note(notice: Working | Stopped | undefined): void {
    this.#notice.show(notice);
    this.#marks.setAttribute('aria-busy', String(notice?.type === 'working'));
  }

  /** Asks the extension for what somebody changed. What the picture has already is drawn at once. */
  #ask(change: Change, confirmed?: true): void {
    const before = this.#question;
    if (before === undefined) {
      return;
    }
    const uncompared = change.view === 'comparison' && before.compareWith === undefined;
    const question = changed(before, uncompared ? { ...change, compareWith: 'previous' } : change);
    this.#question = question;
    this.#asked++;
    if (!uncompared && (question.groupBy === '') === (before.groupBy === '')) {
      // The control that was changed shows it already.
      this.#controlled = this.#controlsKey();
    }
    // A control is not to be taken away while it tells of its change.
    setTimeout(() => this.#control());
    if (change.view !== undefined) {
      this.#draw();
    }
    tellHost({ type: 'ask', request: this.#asked, question, ...(confirmed === true ? { confirmed } : {}) });
  }

  #control(): void {
    const [choices, question] = [this.#choices, this.#question];
    if (choices === undefined || question === undefined) {
      return;
    }
    this.#filters.show(
      question.filters,
      choices.groupBys.filter(({ id }) => id !== ''),
    );
    const key = this.#controlsKey();
    if (key === this.#controlled) {
      return;
    }
    this.#controlled = key;
    const focused = document.activeElement?.id ?? '';
    const codes = this.#picture?.currencies ?? [];
    this.#controls.replaceChildren(spendControls(choices, question, codes, (change) => this.#ask(change)));
    // What had the focus was made anew: somebody who walks through the choices stays there. It takes it once it is drawn.
    if (focused !== '' && document.activeElement?.id !== focused) {
      setTimeout(() => document.getElementById(focused)?.focus());
    }
  }

  /** All that the controls are made of. */
  #controlsKey(): string {
    return JSON.stringify([this.#choices, { ...this.#question, filters: [] }, this.#picture?.currencies]);
  }

  #input(picture: SpendPicture): ViewInput {
    const locale = navigator.language;
    return {
      picture,
      amounts: amountsOf(locale, picture.currency, picture.decimals),
      days: dayNamesOf(locale),
      colours: this.#colours,
    };
  }

  /** The picture as it is to be shown: the view is the question's, which may be newer than the picture. */
  #view(input: ViewInput): ChartView | 'table' | undefined {
    const { comparison } = input.picture;
    switch (this.#question?.view) {
      case 'cumulative':
        return cumulativeView(input);
      case 'breakdown':
        return breakdownView(input);
      case 'comparison':
        return comparison && comparisonView(input, comparison);
      case 'table':
        return 'table';
      default:
        return columnsView(input);
    }
  }

  #draw(): void {
    const picture = this.#picture;
    this.#marks.hidden = picture === undefined;
    if (picture === undefined) {
      return;
    }
    const input = this.#input(picture);
    const view = this.#view(input);
    const { summary, partial, stale, facts } = picture;
    this.#summary.replaceChildren(summary);
    this.#detail.replaceChildren(HINT);
    this.#facts.replaceChildren(
      ...[partial, stale, ...facts, cumulativeFact(picture, this.#question)].flatMap((fact, at) =>
        fact === undefined ? [] : [element('li', at < 2 ? 'incomplete' : '', fact)],
      ),
    );
    if (view === 'table' || view === undefined) {
      this.#legend.replaceChildren();
      this.#body.replaceChildren(...(view === 'table' ? [spendTable(input, SUMMARY, this.#events)] : []));
      return;
    }
    this.#legend.replaceChildren(legendList(view.legend));
    if (!this.#chart.element.isConnected) {
      this.#body.replaceChildren(this.#chart.element);
    }
    this.#chart.show(view, this.#colours);
  }

  #save(as: Saved | 'view'): void {
    const picture = this.#picture;
    if (as === 'view') {
      tellHost({ type: 'save', as });
      return;
    }
    if (picture === undefined) {
      return;
    }
    const input = this.#input(picture);
    const shown = this.#view(input);
    const view = shown === undefined || shown === 'table' ? columnsView(input) : shown;
    const title = this.#choices?.title ?? '';
    const sheet = this.#sheet(picture);
    switch (as) {
      case 'png':
        tellHost({ type: 'save', as, data: pngOf(title, picture, view, this.#colours) });
        break;
      case 'svg':
        tellHost({ type: 'save', as, data: svgOf(title, picture, view, this.#colours) });
        break;
      case 'csv':
        tellHost({ type: 'save', as, data: csvOf(sheet) });
        break;
      case 'markdown':
        tellHost({ type: 'save', as, data: markdownOf(sheet) });
        break;
    }
  }

  #sheet(picture: SpendPicture): Sheet {
    const drivers = this.#question?.view === 'comparison' ? driverSheet(picture) : undefined;
    return drivers ?? stepSheet(picture);
  }
}

/** Where the forecast comes from, or why there is none: only beside the curves. */
function cumulativeFact({ cumulative }: SpendPicture, question: SpendQuestion | undefined): string | undefined {
  return question?.view === 'cumulative' ? (cumulative.forecast?.method ?? cumulative.noForecast) : undefined;
}

/** The question with what was changed; what is undefined is taken away. */
function changed(question: SpendQuestion, change: Change): SpendQuestion {
  const fields = Object.entries({ ...question, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as SpendQuestion;
}

function savingButtons(save: (as: Saved | 'view') => void): HTMLElement[] {
  const made = (label: string, press: () => void) => {
    const button = document.createElement('vscode-button');
    button.secondary = true;
    button.textContent = label;
    button.addEventListener('click', press);
    return button;
  };
  return [
    made('Refresh', () => tellHost({ type: 'refresh' })),
    made('Save as PNG…', () => save('png')),
    made('Save as SVG…', () => save('svg')),
    made('Save as CSV…', () => save('csv')),
    made('Copy as Markdown', () => save('markdown')),
    made('Save View As…', () => save('view')),
  ];
}

const page = new SpendPage(document.querySelector('main') ?? document.body);
listenToHost(readSpendToPage, (message) => page.hear(message));
watchTheme(() => page.recolour());
tellHost({ type: 'ready' });
