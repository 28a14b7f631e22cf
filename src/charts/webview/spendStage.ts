import type { SpendPicture, SpendQuestion } from '../../spend/spendShapes.ts';
import { type Colours, readColours } from '../../workbench/webview/colours.ts';
import { element } from '../../workbench/webview/elements.ts';
import { breakdownView } from './spendBreakdown.ts';
import { type ChartEvents, SpendChart } from './spendChart.ts';
import { columnsView } from './spendColumns.ts';
import { comparisonView } from './spendComparison.ts';
import { cumulativeView } from './spendCumulative.ts';
import { dayNamesOf } from './spendDays.ts';
import { legendList } from './spendLegend.ts';
import { amountsOf } from './spendNumbers.ts';
import { SpendTable } from './spendTable.ts';
import type { ChartView, Drill, ViewInput } from './spendView.ts';

type ViewName = SpendQuestion['view'];

/** What has to be known to put a picture on paper. */
export interface Printable {
  picture: SpendPicture;
  /** Where a table is shown, the columns that it is made of. */
  view: ChartView;
  colours: Colours;
}

const SUMMARY = 'summary';
const WORDS = 'words';

const HINT = 'Point at a mark, or move to it with Tab and the arrow keys; Enter opens the usage rows behind it.';

const NO_COMPARISON = 'There is nothing to compare with: the sentences below say why.';

/** One picture in one of its views, with all words around it. What somebody points at stays when another picture takes its place. */
export class SpendStage {
  readonly element: HTMLElement;
  readonly #summary = element('p', 'summary');
  readonly #words = element('p', 'unseen');
  readonly #detail = element('p', 'detail');
  readonly #body = element('div', 'body');
  readonly #legend = element('div', '');
  readonly #facts = element('ul', 'facts');
  readonly #chart: SpendChart;
  readonly #table: SpendTable;
  /** The editor's, which is not changed while a page lives. */
  readonly #locale = document.querySelector('main')?.dataset.locale ?? navigator.language;
  readonly #days = dayNamesOf(this.#locale);
  #colours: Colours = readColours();
  #shown: { picture: SpendPicture; view: ViewName } | undefined;

  /**
   * @param titleId id of the heading that names the scope
   * @param drill told of the mark whose usage rows are wanted
   */
  constructor(titleId: string, drill: (drill: Drill) => void) {
    const events: ChartEvents = {
      pointed: ({ text }) => this.#tell(text),
      chosen: (mark) => {
        if (mark.drill !== undefined) {
          drill(mark.drill);
        }
      },
    };
    const describedBy = `${titleId} ${SUMMARY} ${WORDS}`;
    this.#chart = new SpendChart(events, describedBy);
    this.#table = new SpendTable(events, describedBy);
    this.#summary.id = SUMMARY;
    this.#words.id = WORDS;
    this.#detail.setAttribute('aria-live', 'polite');
    this.element = element(
      'div',
      'stage',
      this.#summary,
      this.#words,
      this.#detail,
      this.#body,
      this.#legend,
      this.#facts,
    );
  }

  show(picture: SpendPicture, view: ViewName): void {
    this.#shown = { picture, view };
    this.#draw();
  }

  /** The theme has changed. */
  recolour(): void {
    this.#colours = readColours();
    this.#draw();
  }

  /** What is shown, for a file; undefined before anything is. */
  printable(): Printable | undefined {
    if (this.#shown === undefined) {
      return undefined;
    }
    const { picture, view } = this.#shown;
    const input = this.#input(picture);
    return { picture, view: chartView(view, input) ?? columnsView(input), colours: this.#colours };
  }

  #input(picture: SpendPicture): ViewInput {
    return {
      picture,
      amounts: amountsOf(this.#locale, picture.currency, picture.decimals),
      days: this.#days,
      colours: this.#colours,
    };
  }

  #draw(): void {
    if (this.#shown === undefined) {
      return;
    }
    const { picture, view: name } = this.#shown;
    const input = this.#input(picture);
    const view = chartView(name, input);
    const { summary, partial, stale, facts } = picture;
    this.#summary.replaceChildren(summary);
    this.#words.replaceChildren(view?.words ?? '');
    this.#facts.replaceChildren(
      ...[partial, stale, ...(view?.facts ?? []), ...facts].flatMap((fact, at) =>
        fact === undefined ? [] : [element('li', at < 2 ? 'incomplete' : '', fact)],
      ),
    );
    if (name === 'table') {
      this.#legend.replaceChildren();
      this.#put(this.#table.element);
      this.#tell(this.#table.show(input)?.text ?? HINT);
    } else if (view === undefined) {
      // It may still be on its way.
      const isAnswer = picture.question.compareWith !== undefined && partial === undefined;
      this.#legend.replaceChildren();
      this.#body.replaceChildren(...(isAnswer ? [element('p', 'status', NO_COMPARISON)] : []));
      this.#tell('');
    } else {
      this.#legend.replaceChildren(legendList(view.legend));
      this.#put(this.#chart.element);
      this.#tell(this.#chart.show(view, this.#colours)?.text ?? HINT);
    }
  }

  /** An element that is taken out and put in again loses the focus. */
  #put(shown: HTMLElement): void {
    if (!shown.isConnected) {
      this.#body.replaceChildren(shown);
    }
  }

  /** The same words again are no news to a screen reader. */
  #tell(text: string): void {
    if (this.#detail.textContent !== text) {
      this.#detail.replaceChildren(text);
    }
  }
}

/** Undefined for the table, and for a comparison that the picture does not have. */
function chartView(view: ViewName, input: ViewInput): ChartView | undefined {
  const { comparison } = input.picture;
  switch (view) {
    case 'columns':
      return columnsView(input);
    case 'cumulative':
      return cumulativeView(input);
    case 'breakdown':
      return breakdownView(input);
    case 'comparison':
      return comparison && comparisonView(input, comparison);
    case 'table':
      return undefined;
  }
}
