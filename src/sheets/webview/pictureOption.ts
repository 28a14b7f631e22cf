import type { EChartsCoreOption } from 'echarts/core';
import type { Colours } from '../../workbench/webview/colours.ts';
import type { Fill } from '../../workbench/webview/palette.ts';
import { ariaOption, styleOf } from '../../workbench/webview/patterns.ts';
import type { ChartPicture, ChartSeries } from '../chartContract.ts';

/** Pixels of a picture whose places stand beside each other. */
const HEIGHT = 340;
/** Pixels of a bar with its gap, and of what is above and below all of them. */
const BAR = 24;
const BESIDE = 15;
const EDGES = 64;
/** Up to so many places each point of a line is marked; otherwise those that no line leads to. */
const MARKED = 60;
/** Letters of a name that find room. */
const LONGEST_NAME = 60;

const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'] as const;

/** Pixels. */
export function heightOf({ look, labels, series, stacked }: ChartPicture): number {
  return look === 'bars' ? EDGES + labels.length * (stacked ? BAR : Math.max(BAR, series.length * BESIDE)) : HEIGHT;
}

/** What fills a series. */
export function fillOf(at: number, { groups, others }: Colours): Fill {
  return groups[at % groups.length] ?? { colour: others, pattern: 'plain' };
}

/** How a line of a fill is drawn: patterns are for areas. */
export function dashOf({ pattern }: Fill): 'line' | 'dashed' | 'dotted' {
  return pattern === 'plain' ? 'line' : pattern === 'dots' ? 'dotted' : 'dashed';
}

/** Near enough for pixels; undefined for a gap. */
export function pixelValue(digits: string | null | undefined): number | undefined {
  const value = digits === null || digits === undefined || digits.trim() === '' ? Number.NaN : Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

/** The picture for the renderer. @param width in pixels */
export function pictureOption(
  picture: ChartPicture,
  colours: Colours,
  width: number,
  locale: string,
): EChartsCoreOption {
  const { labels, series, look, unit } = picture;
  const isBars = look === 'bars';
  const label = { color: colours.faint, fontFamily: colours.font };
  const axis = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
  const places = {
    type: 'category',
    data: labels.map(shortName),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    axisLabel: isBars
      ? { ...label, interval: 0, width: Math.round(Math.min(width * 0.36, 260)), overflow: 'truncate' }
      : { ...label, hideOverlap: true },
    inverse: isBars,
  };
  const values = {
    type: 'value',
    name: unit,
    nameTextStyle: { ...label, align: isBars ? 'left' : 'right' },
    axisLabel: { ...label, hideOverlap: true, formatter: (value: number) => axis.format(value) },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.line } },
    splitNumber: width < 480 && isBars ? 2 : 5,
    // Distances between lines are what there is to see: bars begin at 0, lines need not.
    scale: look === 'lines',
  };
  return {
    animation: false,
    textStyle: { fontFamily: colours.font },
    aria: ariaOption(picture.heading),
    grid: { left: 12, right: isBars && unit !== '' ? 48 : 20, top: 28, bottom: 24 },
    xAxis: isBars ? values : places,
    yAxis: isBars ? places : values,
    series: series.map((each, at) => seriesOption(picture, each, at, colours)),
  };
}

function seriesOption(
  { look, stacked, labels }: ChartPicture,
  each: ChartSeries,
  at: number,
  colours: Colours,
): object {
  const fill = fillOf(each.colour, colours);
  const own = { id: String(at), name: String(at), color: fill.colour };
  const values = labels.map((_, place) => pixelValue(each.values[place]));
  if (look === 'lines') {
    const dash = dashOf(fill);
    return {
      ...own,
      type: 'line',
      symbol: SYMBOLS[each.colour % SYMBOLS.length],
      symbolSize: 6,
      showAllSymbol: true,
      lineStyle: { width: 2, type: dash === 'line' ? 'solid' : dash },
      data: values.map((value, place) => {
        const isAlone = values[place - 1] === undefined && values[place + 1] === undefined;
        const isMarked = labels.length <= MARKED || isAlone;
        return isMarked ? (value ?? '-') : { value: value ?? '-', symbol: 'none' };
      }),
    };
  }
  return {
    ...own,
    type: 'bar',
    ...(stacked ? { stack: 'all' } : {}),
    barCategoryGap: '18%',
    barMaxWidth: 80,
    itemStyle: { ...styleOf(fill), borderColor: colours.background, borderWidth: stacked ? 0.5 : 0 },
    data: values.map((value) => value ?? '-'),
  };
}

/** A name on an axis. */
function shortName(name: string): string {
  const characters = [...name];
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : name;
}
