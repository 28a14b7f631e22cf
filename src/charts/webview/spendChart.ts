import { BarChart, CustomChart, LineChart, TreemapChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import type { Colours } from '../../workbench/webview/colours.ts';
import { element } from '../../workbench/webview/elements.ts';
import { ariaOption } from '../../workbench/webview/patterns.ts';
import { type Place, type Pressed, placeAfterKey } from '../../workbench/webview/roving.ts';
import type { ChartView, Mark } from './spendView.ts';

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  CustomChart,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  SVGRenderer,
  TitleComponent,
  TreemapChart,
]);

/** What the page is told of the picture. */
export interface ChartEvents {
  /** A mark has the focus or is below the pointer. */
  pointed(mark: Mark): void;
  /** Click or Enter. */
  chosen(mark: Mark): void;
}

/** Keys that move in a list whichever way it is drawn. */
const LIST_KEYS: Readonly<Record<string, string>> = { ArrowUp: 'ArrowLeft', ArrowDown: 'ArrowRight' };

/**
 * A picture with a keyboard: it takes the focus as one thing, arrow keys move through its marks, Enter chooses one. What a mark says
 * is told to the page, which writes it where a screen reader hears it.
 */
export class SpendChart {
  /** To be put into the page before {@link show}. */
  readonly element: HTMLElement;
  readonly #canvas = element('div', 'canvas');
  readonly #frame = element('div', 'frame');
  readonly #events: ChartEvents;
  #chart: EChartsType | undefined;
  #view: ChartView | undefined;
  #colours: Colours | undefined;
  #place: Place | undefined;
  #hovered = false;
  #size: readonly [width: number, height: number] = [0, 0];

  /** @param describedBy ids of the words that tell the same */
  constructor(events: ChartEvents, describedBy: string) {
    this.#events = events;
    this.element = element('div', 'chart', this.#canvas, this.#frame);
    this.element.tabIndex = 0;
    // Arrow keys are for the marks, also while a screen reader reads.
    this.element.setAttribute('role', 'application');
    this.element.setAttribute('aria-roledescription', 'chart');
    this.element.setAttribute('aria-describedby', describedBy);
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('focus', () => this.#point(this.#place ?? this.#entry()));
    this.element.addEventListener('blur', () => this.#stand());
    new ResizeObserver(() => this.#resize()).observe(this.element);
  }

  /** Draws a view. Returns the mark that somebody stands on, when the view has it too. */
  show(view: ChartView, colours: Colours): Mark | undefined {
    this.#place = this.#place && this.#view && samePlace(this.#place, this.#view, view);
    this.#view = view;
    this.#colours = colours;
    this.element.setAttribute('aria-label', `${view.name}. Arrow keys move, Enter opens the usage rows.`);
    this.#draw();
    return this.#markAt(this.#place);
  }

  #draw(): void {
    const [view, colours] = [this.#view, this.#colours];
    const width = this.element.clientWidth;
    const [lastWidth, lastHeight] = this.#size;
    if (view === undefined || colours === undefined || width === 0) {
      return;
    }
    const height = view.height(width);
    this.#size = [width, height];
    this.#canvas.style.height = `${height}px`;
    if (this.#chart === undefined) {
      this.#chart = this.#made();
    } else if (width !== lastWidth || height !== lastHeight) {
      // Otherwise it would draw what it had once more.
      this.#chart.resize();
    }
    this.#chart.setOption(chartOption(view, colours, width), { notMerge: true });
    this.#stand();
  }

  #made(): EChartsType {
    const chart = init(this.#canvas, null, { renderer: 'svg' });
    // Steps are found by their place, things of their own by what the renderer says of them.
    chart.getZr().on('mousemove', ({ offsetX, offsetY }) => this.#hover(this.#below(offsetX, offsetY)));
    chart.getZr().on('click', ({ offsetX, offsetY }) => this.#choose(this.#below(offsetX, offsetY)));
    chart.getZr().on('globalout', () => {
      this.#hovered = false;
      this.#stand();
    });
    chart.on('mousemove', (event) => this.#hover(this.#item(event)));
    chart.on('click', (event) => this.#choose(this.#item(event)));
    return chart;
  }

  #below(x: number, y: number): Place | undefined {
    const [chart, steps] = [this.#chart, this.#view?.steps];
    if (steps === undefined || chart?.containPixel({ gridIndex: 0 }, [x, y]) !== true) {
      return undefined;
    }
    const [column, value] = chart.convertFromPixel({ gridIndex: 0 }, [x, y]);
    return column === undefined || value === undefined ? undefined : steps.below(Math.round(column), value);
  }

  #item({ seriesIndex, dataIndex }: { seriesIndex?: number; dataIndex?: number }): Place | undefined {
    return this.#view?.steps !== undefined || seriesIndex === undefined || dataIndex === undefined
      ? undefined
      : this.#view?.items?.placeOf(seriesIndex, dataIndex);
  }

  #resize(): void {
    if (this.element.clientWidth !== this.#size[0]) {
      this.#draw();
    }
  }

  #focused(): boolean {
    return document.activeElement === this.element;
  }

  /** The newest step, or the first of a list. */
  #entry(): Place {
    return [0, this.#view?.steps?.newest ?? 0];
  }

  #markAt(place: Place | undefined): Mark | undefined {
    return place && this.#view?.mark(place);
  }

  #hover(place: Place | undefined): void {
    this.#hovered = true;
    this.#point(place);
  }

  /** Shows where somebody is, unless nobody is there. */
  #stand(): void {
    this.#show(this.#hovered || this.#focused() ? this.#place : undefined);
  }

  #point(place: Place | undefined): void {
    const mark = this.#markAt(place);
    if (mark !== undefined) {
      this.#place = place;
      this.#show(place);
      this.#events.pointed(mark);
    }
  }

  #choose(place: Place | undefined): void {
    const mark = this.#markAt(place);
    if (mark !== undefined) {
      this.#events.chosen(mark);
    }
  }

  /** Shows which mark it is: a frame around a step or a part of it, or the thing itself. */
  #show(place: Place | undefined): void {
    const [chart, items] = [this.#chart, this.#view?.items];
    if (items !== undefined) {
      chart?.dispatchAction({ type: 'downplay' });
    }
    this.#frame.hidden = true;
    if (chart === undefined || place === undefined) {
      return;
    }
    for (const drawn of items?.drawn(place) ?? []) {
      chart.dispatchAction({ type: 'highlight', ...drawn });
    }
    const extent = this.#view?.steps?.extent(place);
    if (extent === undefined) {
      return;
    }
    const [left = 0, right = 0] = [place[1] - 0.5, place[1] + 0.5].map((x) =>
      Number(chart.convertToPixel({ xAxisIndex: 1 }, x)),
    );
    const [bottom = 0, top = 0] = extent.map((y) => Number(chart.convertToPixel({ yAxisIndex: 0 }, y)));
    this.#frame.style.left = `${left}px`;
    this.#frame.style.width = `${right - left}px`;
    this.#frame.style.top = `${top}px`;
    this.#frame.style.height = `${bottom - top}px`;
    this.#frame.hidden = false;
  }

  #key(event: KeyboardEvent): void {
    const view = this.#view;
    if (view === undefined) {
      return;
    }
    const place = this.#place ?? this.#entry();
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#choose(place);
      return;
    }
    const { ctrlKey, metaKey, altKey, shiftKey } = event;
    const key = view.steps === undefined ? (LIST_KEYS[event.key] ?? event.key) : event.key;
    const pressed: Pressed = { key, ctrlKey, metaKey, altKey, shiftKey };
    const next = placeAfterKey(pressed, place, [view.lines.length - 1, view.columns.length - 1]);
    if (next !== undefined) {
      event.preventDefault();
      this.#point(next);
    }
  }
}

/**
 * Draws something small that nobody sees. The browser translates the renderer's code when it runs for the first time, which takes longer
 * than the picture itself: while the extension still reads is the time for it.
 */
export function warmRenderer(): void {
  const chart = init(document.createElement('div'), null, { renderer: 'svg', width: 600, height: 300 });
  const data = Array.from({ length: 40 }, (_, at) => at % 7);
  const area = { type: 'line', step: 'middle', symbol: 'none', stack: 'all', areaStyle: { opacity: 1 }, data };
  chart.setOption({
    animation: false,
    aria: ariaOption('', []),
    xAxis: [
      { type: 'category', data: data.map(String), axisLabel: { hideOverlap: true }, axisTick: { show: false } },
      { type: 'value', show: false, min: 0, max: data.length },
    ],
    yAxis: { type: 'value', name: ' ', axisLine: { show: false }, axisTick: { show: false } },
    series: [
      area,
      {
        type: 'custom',
        data: [[0, 0, 7]],
        encode: { x: 0, y: [1, 2] },
        renderItem: () => ({ type: 'polygon', shape: { points: [] } }),
      },
      { type: 'bar', stack: 'bars', data },
      { type: 'line', xAxisIndex: 1, data: [], markArea: { data: [[{ xAxis: 1 }, { xAxis: 2 }]] } },
    ],
  });
  // It draws at the next frame otherwise.
  chart.getZr().flush();
  chart.dispose();
}

/** Where a mark of one view is in another one; undefined where it is not. A step whose group is gone is kept for its total. */
function samePlace([line, column]: Place, before: ChartView, now: ChartView): Place | undefined {
  const at = now.columns.indexOf(before.columns[column] ?? '');
  return at < 0 ? undefined : [Math.max(now.lines.indexOf(before.lines[line] ?? ''), 0), at];
}

function chartOption(view: ChartView, colours: Colours, width: number): EChartsCoreOption {
  return {
    ...view.option(width),
    animation: false,
    textStyle: { fontFamily: colours.font },
    aria: ariaOption(view.name, view.areas),
  };
}
