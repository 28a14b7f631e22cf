import type { EChartsCoreOption } from 'echarts/core';
import type { SpendPicture, SpendSeries } from '../../spend/spendShapes.ts';
import type { Colours } from '../../workbench/webview/colours.ts';
import type { Fill } from '../../workbench/webview/palette.ts';
import type { Place } from '../../workbench/webview/roving.ts';
import type { DayNames, Days } from './spendDays.ts';
import type { Amounts } from './spendNumbers.ts';

/** All that a view is made of. */
export interface ViewInput {
  picture: SpendPicture;
  amounts: Amounts;
  days: DayNames;
  colours: Colours;
}

/** Which usage rows are behind a mark. */
export interface Drill {
  period: Days;
  /** The group; left out for all of them. */
  key?: string;
  /** All groups but these. */
  but?: string[];
}

/** Something on the picture that can be pointed at. */
export interface Mark {
  /** What it is and its exact digits, in a sentence. */
  text: string;
  drill?: Drill;
}

export interface LegendEntry {
  label: string;
  fill: Fill;
  look: 'area' | 'line' | 'dashed' | 'dotted';
  /** Formatted, with its currency, rounded. */
  value: string;
  /** The same with every digit. */
  exact: string;
}

/** One kind of picture: how it is drawn, and what keyboard and pointer find on it. */
export interface ChartView {
  /** For those who do not see it. */
  name: string;
  /** What it says beyond the summary of the picture, in sentences. */
  words: string;
  /** Marks stand in lines and columns; a list has one line. Each has an id that it keeps in the next picture. */
  lines: readonly string[];
  columns: readonly string[];
  legend: LegendEntry[];
  /** What has to be known to read it right, a sentence each. */
  facts?: readonly string[];
  /** What fills the areas of a treemap, in their order. */
  areas?: readonly Fill[];
  /** @param width pixels, for both */
  height(width: number): number;
  option(width: number): EChartsCoreOption;
  mark(place: Place): Mark | undefined;
  /** Where columns are steps along the x axis, every point of the picture belongs to one of them. */
  steps?: {
    /** Where the keyboard begins: the newest step that has an amount. */
    newest: number;
    /** The mark at a height of a step. */
    below(column: number, value: number): Place;
    /** From where to where on the y axis a mark reaches; undefined for a point. */
    extent(place: Place): [low: number, high: number] | undefined;
  };
  /** Where marks are things of their own. */
  items?: {
    /** What is drawn for a mark. */
    drawn(place: Place): { seriesIndex: number; dataIndex: number }[];
    /** The mark of what is drawn. */
    placeOf(seriesIndex: number, dataIndex: number): Place | undefined;
  };
}

/** Below it, things stand one below the other. Pixels. */
export const NARROW = 640;

/** From here on amounts find room beside bars. Pixels. */
export const WIDE = 1000;

/** Near enough for a place on the screen; `-` is nothing to the renderer. */
export function position(digits: string | null | undefined): number | '-' {
  return digits === null || digits === undefined ? '-' : Number(digits);
}

/** The newest step that has an amount; the last one where none has. */
export function newestStep(values: readonly (string | null)[]): number {
  const at = values.findLastIndex((value) => value !== null);
  return at < 0 ? values.length - 1 : at;
}

/** What a series is filled with: groups in their order, the others without a colour of their own. */
export function seriesFill({ kind }: SpendSeries, at: number, colours: Colours): Fill {
  return (kind === 'others' ? undefined : colours.groups[at % colours.groups.length]) ?? plain(colours.others);
}

export function plain(colour: string): Fill {
  return { colour, pattern: 'plain' };
}

/** What a series is called from one picture to the next: the others have no key. */
export function seriesId({ kind, key }: SpendSeries): string {
  return `${kind} ${key}`;
}

const LONGEST_NAME = 60;

/** A name short enough to be drawn, on one line. */
export function shortName(name: string, length = LONGEST_NAME): string {
  const letters = [...name.replaceAll(/\s+/g, ' ')];
  return letters.length <= length ? letters.join('') : `${letters.slice(0, length - 1).join('')}…`;
}

/** The rows of a series in some days. */
export function drillOf({ series }: SpendPicture, { kind, key }: SpendSeries, { from, to }: Days): Drill {
  const period = { from, to };
  switch (kind) {
    case 'group':
      return { period, key };
    case 'others':
      return { period, but: series.filter((each) => each.kind === 'group').map((each) => each.key) };
    case 'none':
      return { period };
  }
}

/** The axes of steps and amounts. The second x axis is not seen: on it a step is as wide as its column. */
export function axesOption({ colours, amounts, picture, days }: ViewInput): EChartsCoreOption {
  const label = { color: colours.faint, fontFamily: colours.font, hideOverlap: true };
  return {
    grid: { left: 12, right: 16, top: 28, bottom: 24 },
    xAxis: [
      {
        type: 'category',
        data: picture.steps.map((step) => days.short(step)),
        axisLabel: label,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colours.line } },
      },
      { type: 'value', show: false, min: -0.5, max: picture.steps.length - 0.5 },
    ],
    yAxis: {
      type: 'value',
      name: picture.currency,
      nameTextStyle: { color: colours.faint, fontFamily: colours.font, align: 'right' },
      axisLabel: { ...label, formatter: (value: number) => amounts.axis(value) },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: colours.line } },
    },
  };
}

/**
 * The shades behind steps that can still grow and, with another look, behind those that were not read, each with its name: a series
 * without marks, to stand after all others.
 */
export function stepShades({ picture: { steps }, colours }: ViewInput): object[] {
  const shade = (name: string, [first, last]: Span, itemStyle: object) => [
    { name, xAxis: first - 0.5, itemStyle },
    { xAxis: last + 0.5 },
  ];
  const open = { color: colours.faint, opacity: 0.16 };
  const unread = { color: 'transparent', borderColor: colours.faint, borderWidth: 1, borderType: 'dashed' };
  const data = [
    ...spansOf(steps, (step) => step.open && step.state !== 'unread').map((span) => shade('open', span, open)),
    ...spansOf(steps, ({ state }) => state === 'unread').map((span) => shade('not read yet', span, unread)),
  ];
  const label = {
    show: true,
    position: 'top',
    distance: 3,
    color: colours.text,
    fontFamily: colours.font,
    fontSize: 11,
  };
  return data.length === 0
    ? []
    : [{ type: 'line', xAxisIndex: 1, silent: true, data: [], markArea: { silent: true, label, data } }];
}

type Span = readonly [first: number, last: number];

/** Runs of neighbours that a condition holds for. */
function spansOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): Span[] {
  const spans: [number, number][] = [];
  items.forEach((item, at) => {
    const last = spans.at(-1);
    if (!holds(item)) {
      return;
    }
    if (last?.[1] === at - 1) {
      last[1] = at;
    } else {
      spans.push([at, at]);
    }
  });
  return spans;
}

/** What a thing looks like whose mark has the focus or is below the pointer. */
export function pointed(colours: Colours): object {
  return { focus: 'none', itemStyle: { borderColor: colours.text, borderWidth: 2, opacity: 1 } };
}
