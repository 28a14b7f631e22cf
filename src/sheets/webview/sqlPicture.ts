import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import type { Colours } from '../../workbench/webview/colours.ts';
import { element, nameElement } from '../../workbench/webview/elements.ts';
import { legendSample } from '../../workbench/webview/legendSample.ts';
import { type Place, placeAfterKey } from '../../workbench/webview/roving.ts';
import type { ChartPicture } from '../chartContract.ts';
import { dashOf, fillOf, heightOf, pictureOption, pixelValue } from './pictureOption.ts';

use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, SVGRenderer, TitleComponent]);

/** Places of bars are below each other: keys go where they point. */
const TURNED: Readonly<Record<string, string>> = {
  ArrowUp: 'ArrowLeft',
  ArrowDown: 'ArrowRight',
  ArrowLeft: 'ArrowUp',
  ArrowRight: 'ArrowDown',
};

const HINT = 'Point at the chart, or move through it with Tab and the arrow keys.';

/**
 * One picture with its heading, its legend and a line that says what is pointed at, digit by digit. It takes the focus as one thing; arrow keys
 * move through its values.
 */
export class SqlPicture {
  readonly element: HTMLElement;
  readonly picture: ChartPicture;
  readonly #locale: string;
  readonly #canvas = element('div', 'canvas');
  readonly #frame = element('div', 'frame');
  readonly #detail = element('p', 'detail', HINT);
  readonly #legend = element('div', '');
  readonly #box: HTMLElement;
  readonly #size: ResizeObserver;
  #colours: Colours;
  #chart: EChartsType | undefined;
  #width = 0;
  #place: Place | undefined;

  /** @param id begins ids of its parts; unique in the page */
  constructor(picture: ChartPicture, id: string, colours: Colours, locale: string) {
    this.picture = picture;
    this.#colours = colours;
    this.#locale = locale;
    this.#box = element('div', 'chart', this.#canvas, this.#frame);
    this.#box.id = id;
    this.#box.tabIndex = 0;
    // Arrow keys are for the values, also while a screen reader reads.
    this.#box.setAttribute('role', 'application');
    this.#box.setAttribute('aria-roledescription', 'chart');
    this.#box.setAttribute('aria-label', `${describe(picture)} Arrow keys move.`);
    this.#frame.hidden = true;
    this.#detail.setAttribute('aria-live', 'polite');
    this.#box.addEventListener('keydown', (event) => this.#key(event));
    this.#box.addEventListener('focus', () => this.#point(this.#place ?? this.#entry()));
    this.#box.addEventListener('blur', () => this.#leave());
    this.element = element(
      'section',
      '',
      element('h2', '', nameElement(picture.heading)),
      this.#detail,
      this.#box,
      this.#legend,
    );
    this.#size = new ResizeObserver(() => {
      if (this.#box.clientWidth !== this.#width) {
        this.#draw();
      }
    });
    this.#size.observe(this.#box);
  }

  recolour(colours: Colours): void {
    this.#colours = colours;
    this.#draw();
  }

  dispose(): void {
    this.#size.disconnect();
    this.#chart?.dispose();
  }

  #draw(): void {
    const width = this.#box.clientWidth;
    if (width === 0) {
      return;
    }
    this.#width = width;
    this.#canvas.style.height = `${heightOf(this.picture)}px`;
    if (this.#chart === undefined) {
      this.#chart = this.#made();
    } else {
      this.#chart.resize();
    }
    this.#chart.setOption(pictureOption(this.picture, this.#colours, width, this.#locale), { notMerge: true });
    this.#legend.replaceChildren(...legendOf(this.picture, this.#colours));
    this.#stand();
  }

  #made(): EChartsType {
    const chart = init(this.#canvas, null, { renderer: 'svg' });
    chart.getZr().on('mousemove', ({ offsetX, offsetY }) => this.#point(this.#below(offsetX, offsetY)));
    chart.getZr().on('globalout', () => this.#leave());
    return chart;
  }

  /** The value below the pointer or, where there is none, one of the same place. */
  #below(x: number, y: number): Place | undefined {
    const { look, labels } = this.picture;
    if (this.#chart?.containPixel({ gridIndex: 0 }, [x, y]) !== true) {
      return undefined;
    }
    const [first = 0, second = 0] = this.#chart.convertFromPixel({ gridIndex: 0 }, [x, y]);
    const [place, value] = look === 'bars' ? [second, first] : [first, second];
    const column = Math.min(Math.max(Math.round(place), 0), labels.length - 1);
    return [this.#lineAt(column, value, look === 'bars' ? y : x), column];
  }

  /** Which series somebody means at a place. */
  #lineAt(column: number, value: number, pixel: number): number {
    const { series, stacked, look } = this.picture;
    const values = series.map((each) => pixelValue(each.values[column]));
    const known = values.flatMap((each, at) => (each === undefined ? [] : [{ at, value: each }]));
    if (stacked) {
      let [up, down] = [0, 0];
      for (const each of known) {
        const from = each.value < 0 ? down : up;
        const to = from + each.value;
        if (value >= Math.min(from, to) && value < Math.max(from, to)) {
          return each.at;
        }
        [up, down] = each.value < 0 ? [up, to] : [to, down];
      }
      return known[0]?.at ?? 0;
    }
    if (look === 'lines') {
      const near = (each: { value: number }) => Math.abs(each.value - value);
      return known.toSorted((a, b) => near(a) - near(b))[0]?.at ?? 0;
    }
    // Bars of a place stand beside each other, in the order of the series.
    const [start, size] = this.#band(column);
    const share = (pixel - start) / size;
    return Math.min(Math.max(Math.floor(((share - 0.09) / 0.82) * series.length), 0), series.length - 1);
  }

  /** Where a place begins on its axis, and how long it is. Pixels. */
  #band(column: number): readonly [start: number, size: number] {
    const axis = this.picture.look === 'bars' ? { yAxisIndex: 0 } : { xAxisIndex: 0 };
    const at = (place: number) => Number(this.#chart?.convertToPixel(axis, place));
    const { length } = this.picture.labels;
    const all = this.picture.look === 'bars' ? heightOf(this.picture) - EDGE : this.#width - EDGE;
    const size = length > 1 ? Math.abs(at(1) - at(0)) : all;
    return [at(column) - size / 2, size];
  }

  #entry(): Place {
    const { look, labels } = this.picture;
    return [0, look === 'bars' ? 0 : labels.length - 1];
  }

  #point(place: Place | undefined): void {
    if (place !== undefined) {
      this.#place = place;
      this.#detail.replaceChildren(valueText(this.picture, place));
      this.#stand();
    }
  }

  #leave(): void {
    if (document.activeElement !== this.#box) {
      this.#frame.hidden = true;
    }
  }

  /** Frames the place that somebody is at. */
  #stand(): void {
    if (this.#place === undefined || this.#chart === undefined) {
      return;
    }
    const [start, size] = this.#band(this.#place[1]);
    const { look } = this.picture;
    const [left, top] = look === 'bars' ? [0, start] : [start, 20];
    const [width, height] = look === 'bars' ? [this.#width, size] : [size, heightOf(this.picture) - 40];
    Object.assign(this.#frame.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${Math.max(width, 3)}px`,
      height: `${Math.max(height, 3)}px`,
    });
    this.#frame.hidden = false;
  }

  #key(event: KeyboardEvent): void {
    const { look, series, labels } = this.picture;
    const { ctrlKey, metaKey, altKey, shiftKey } = event;
    const key = look === 'bars' ? (TURNED[event.key] ?? event.key) : event.key;
    const last: Place = [series.length - 1, labels.length - 1];
    const next = placeAfterKey({ key, ctrlKey, metaKey, altKey, shiftKey }, this.#place ?? this.#entry(), last);
    if (next !== undefined) {
      event.preventDefault();
      this.#point(next);
    }
  }
}

/** Pixels beside a picture's only place. */
const EDGE = 64;

/** What somebody who does not see a picture is told first. */
function describe(picture: ChartPicture): string {
  const { labels, series, look } = picture;
  const kind = { bars: 'Bars', columns: 'Columns', lines: 'Lines' }[look];
  const of = series.length === 1 ? 'one series' : `${series.length} series`;
  const [first, last] = [labels[0], labels.at(-1)];
  const places = labels.length === 1 ? `at ${first}` : `at ${labels.length} places from ${first} to ${last}`;
  return `${picture.heading}. ${kind} of ${of} ${places}.`;
}

/** A value with all its digits, and what it is of. */
function valueText({ labels, series, unit }: ChartPicture, [line, column]: Place): string {
  const own = series[line];
  const value = own?.values[column];
  const digits =
    value === null || value === undefined ? 'no value' : [value, unit].filter((text) => text !== '').join(' ');
  return `${labels[column] ?? ''}, ${own?.label ?? ''}: ${digits}`;
}

function legendOf({ series, look }: ChartPicture, colours: Colours): HTMLElement[] {
  if (series.length === 1) {
    return [];
  }
  const entries = series.map(({ label, colour }) => {
    const fill = fillOf(colour, colours);
    return element('li', '', legendSample(fill, look === 'lines' ? dashOf(fill) : 'area'), nameElement(label));
  });
  const list = element('ul', 'legend', ...entries);
  list.setAttribute('aria-label', 'Legend');
  return [list];
}
