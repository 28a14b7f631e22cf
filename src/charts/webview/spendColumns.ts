import type { SpendPicture, SpendSeries } from '../../spend/spendShapes.ts';
import { styleOf } from '../../workbench/webview/patterns.ts';
import type { Place } from '../../workbench/webview/roving.ts';
import { isWithoutCost, nothingOf } from './spendSteps.ts';
import {
  axesOption,
  type ChartView,
  drillOf,
  type Mark,
  newestStep,
  position,
  seriesFill,
  seriesId,
  shortName,
  stepShades,
  type ViewInput,
} from './spendView.ts';

const HEIGHT = 380;

/** From here on columns touch each other, and a group is one area instead of a bar for each step: thousands of bars take seconds. */
const MANY_STEPS = 100;

/** From here on the parts of a column are thin. */
const MANY_SERIES = 15;

/** A column for each step, stacked of the groups. The first line of marks are the totals, the others the groups. */
export function columnsView(input: ViewInput): ChartView {
  const { picture, colours, amounts } = input;
  const { steps, series } = picture;
  const stacks = steps.length > MANY_STEPS ? steps.map((_, column) => stackOf(picture, column)) : [];
  return {
    name: `${steps[0]?.from === steps[0]?.to ? 'Daily' : 'Monthly'} cost${picture.groupLabel === '' ? '' : ` by ${picture.groupLabel}`}`,
    words: '',
    lines: ['total', ...(series.length === 1 ? [] : series.map(seriesId))],
    columns: steps.map(({ from }) => from),
    legend: series.map((each, at) => ({
      label: each.label,
      fill: seriesFill(each, at, colours),
      look: 'area',
      value: amounts.rounded(each.total),
      exact: amounts.exact(each.total),
    })),
    height: () => HEIGHT,
    option: () => ({
      ...axesOption(input),
      series: [
        ...series.map((each, at) => {
          const style = styleOf(seriesFill(each, at, colours));
          return {
            id: String(at),
            name: String(at),
            stack: 'all',
            silent: true,
            color: style.color,
            ...(steps.length > MANY_STEPS
              ? areaOf(
                  stacks.map((stack) => stack[at]),
                  style,
                )
              : barsOf(input, each, style)),
          };
        }),
        ...stepShades(input),
        ...zeroSigns(input),
      ],
    }),
    mark: (place) => columnMark(input, place),
    steps: {
      newest: newestStep(picture.totals),
      below: (column, value) => {
        const at = stackOf(picture, column).findIndex(([low, high]) => low <= value && value < high);
        return [series.length === 1 ? 0 : at + 1, column];
      },
      extent: ([line, column]) => {
        const stack = stackOf(picture, column);
        return line === 0
          ? [Math.min(...stack.map(([low]) => low)), Math.max(...stack.map(([, high]) => high))]
          : stack[line - 1];
      },
    },
  };
}

function barsOf({ picture: { steps, series }, colours }: ViewInput, { values }: SpendSeries, style: object): object {
  return {
    type: 'bar',
    barCategoryGap: '18%',
    // Between many thin parts the lines would be most of what is seen.
    itemStyle: { ...style, borderColor: colours.background, borderWidth: series.length > MANY_SERIES ? 0 : 0.5 },
    data: values.map((value, at) =>
      steps[at]?.open === true ? { value: position(value), itemStyle: { opacity: 0.7 } } : position(value),
    ),
  };
}

/**
 * One outline for a group over all steps. The renderer's own areas are stacked, sampled and drawn as a line as well: five times the
 * work for the same picture.
 */
function areaOf(spans: readonly (Span | undefined)[], { color, decal }: ReturnType<typeof styleOf>): object {
  const known = spans.map((span) => span ?? NOTHING);
  const [low, high] = [Math.min(...known.map(([each]) => each)), Math.max(...known.map(([, each]) => each))];
  return {
    type: 'custom',
    // What the axes have to have room for.
    data: [[0, low, high]],
    encode: { x: 0, y: [1, 2] },
    renderItem: (_: unknown, { coord }: { coord(at: [number, number]): [number, number] }) => {
      const [[left, zero], [right], [, one]] = [coord([0, 0]), coord([1, 0]), coord([0, high - low || 1])];
      const width = right - left;
      const height = (one - zero) / (high - low || 1);
      const points = [...edge(known, 1), ...edge(known, 0).reverse()];
      const shape = { points: points.map(([x, y]) => [left + x * width, zero + y * height]) };
      return { type: 'polygon', shape, style: { fill: color, ...(decal && { decal }) } };
    },
  };
}

/** The upper or lower side of an area, from the left: a line from each step to the next one that is as high, in steps and amounts. */
function edge(spans: readonly Span[], side: 0 | 1): [x: number, y: number][] {
  return spans.flatMap((span, at): [number, number][] => {
    const y = span[side];
    const [begins, ends] = [spans[at - 1]?.[side] !== y, spans[at + 1]?.[side] !== y];
    return [
      ...(begins ? [[at - 0.5, y] as [number, number]] : []),
      ...(ends ? [[at + 0.5, y] as [number, number]] : []),
    ];
  });
}

/** A ring on the axis where it is known that nothing was spent: an empty place alone would say that nobody knows. */
function zeroSigns({ picture, colours }: ViewInput): object[] {
  const data = picture.steps.map((_, at) => (isWithoutCost(picture, at) ? 0 : '-'));
  return data.includes(0)
    ? [
        {
          type: 'line',
          silent: true,
          symbol: 'circle',
          symbolSize: 6,
          showAllSymbol: true,
          itemStyle: { color: colours.background, borderColor: colours.text, borderWidth: 1.5 },
          lineStyle: { width: 0 },
          data,
        },
      ]
    : [];
}

type Span = readonly [low: number, high: number];

const NOTHING: Span = [0, 0];

/** From where to where each group of a step is drawn: what is less than 0 hangs below the axis. */
function stackOf({ series }: SpendPicture, column: number): [low: number, high: number][] {
  let [bottom, top] = [0, 0];
  return series.map(({ values }) => {
    const value = Number(values[column] ?? 0);
    const start = value < 0 ? bottom : top;
    if (value < 0) {
      bottom += value;
    } else {
      top += value;
    }
    return value < 0 ? [bottom, start] : [start, top];
  });
}

function columnMark({ picture, amounts, days }: ViewInput, [line, column]: Place): Mark | undefined {
  const step = picture.steps[column];
  if (step === undefined) {
    return undefined;
  }
  const open = step.open && step.state !== 'unread' ? ' Still open: it can grow.' : '';
  const when = `${days.long(step)}${step.state === 'today' ? ', today' : ''} (UTC)`;
  const total = picture.totals[column] ?? null;
  const { from, to } = step;
  if (line === 0) {
    const nothing = total === null || isWithoutCost(picture, column) ? nothingOf(step, total) : undefined;
    const text = `${when}: ${nothing ?? `${amounts.exact(total ?? '0')} in total`}.${open}`;
    return { text, drill: { period: { from, to } } };
  }
  const series = picture.series[line - 1];
  if (series === undefined) {
    return undefined;
  }
  const value = series.values[column] ?? null;
  const nothing = nothingOf(step, value);
  const text =
    nothing === undefined
      ? `${amounts.exact(value ?? '0')}${shareText(amounts.share(value ?? '0', total ?? '0'))}`
      : `${nothing}.`;
  return { text: `${when}, ${shortName(series.label)}: ${text}${open}`, drill: drillOf(picture, series, step) };
}

function shareText(share: string): string {
  return share === '' ? '.' : `, ${share} of the total.`;
}
