import type { SpendPicture, SpendSeries } from '../../spend/spendShapes.ts';
import type { Place } from './roving.ts';
import {
  axesOption,
  type ChartView,
  drillOf,
  type Mark,
  newestStep,
  openShade,
  position,
  seriesColour,
  shortName,
  type ViewInput,
} from './spendView.ts';

const HEIGHT = 380;

/** From here on columns touch each other, and a group is one area instead of a bar for each step: thousands of bars take seconds. */
const MANY_STEPS = 100;

/** A column for each step, stacked of the groups. The first line of marks are the totals, the others the groups. */
export function columnsView(input: ViewInput): ChartView {
  const { picture, colours, amounts } = input;
  const { steps, series } = picture;
  return {
    name: `${steps[0]?.from === steps[0]?.to ? 'Daily' : 'Monthly'} cost${picture.groupLabel === '' ? '' : ` by ${picture.groupLabel}`}`,
    lines: series.length === 1 ? 1 : series.length + 1,
    columns: steps.length,
    legend: series.map((each, at) => ({
      label: each.label,
      colour: seriesColour(each, at, colours),
      look: 'area',
      value: amounts.exact(each.total),
    })),
    height: () => HEIGHT,
    option: () => ({
      ...axesOption(input),
      series: [
        ...series.map((each, at) => ({
          id: String(at),
          name: String(at),
          stack: 'all',
          silent: true,
          color: seriesColour(each, at, colours),
          ...(steps.length > MANY_STEPS ? areaOf(each) : barsOf(input, each)),
        })),
        ...openShade(input),
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

function barsOf({ picture: { steps }, colours }: ViewInput, { values }: SpendSeries): object {
  return {
    type: 'bar',
    barCategoryGap: '18%',
    itemStyle: { borderColor: colours.background, borderWidth: 0.5 },
    data: values.map((value, at) =>
      steps[at]?.open === true ? { value: position(value), itemStyle: { opacity: 0.7 } } : position(value),
    ),
  };
}

function areaOf({ values }: SpendSeries): object {
  return {
    type: 'line',
    step: 'middle',
    symbol: 'none',
    lineStyle: { width: 0 },
    areaStyle: { opacity: 1 },
    data: values.map((value) => position(value)),
  };
}

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
  const open = step.open ? ' Still open: it can grow.' : '';
  const nothing = step.open ? 'no cost yet' : 'not read';
  const when = `${days.long(step)} (UTC)`;
  const total = picture.totals[column] ?? null;
  const { from, to } = step;
  if (line === 0) {
    const text = total === null ? `${when}: ${nothing}.` : `${when}: ${amounts.exact(total)} in total.${open}`;
    return { text, drill: { period: { from, to } } };
  }
  const series = picture.series[line - 1];
  if (series === undefined) {
    return undefined;
  }
  const value = series.values[column] ?? null;
  const text =
    value === null ? `${nothing}.` : `${amounts.exact(value)}${shareText(amounts.share(value, total ?? '0'))}`;
  return { text: `${when}, ${shortName(series.label)}: ${text}${open}`, drill: drillOf(picture, series, step) };
}

function shareText(share: string): string {
  return share === '' ? '.' : `, ${share} of the total.`;
}
