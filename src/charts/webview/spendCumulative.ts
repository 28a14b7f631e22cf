import type { Place } from '../../workbench/webview/roving.ts';
import { nothingOf, type Step } from './spendSteps.ts';
import {
  axesOption,
  type ChartView,
  type Mark,
  newestStep,
  plain,
  pointed,
  position,
  shortName,
  stepShades,
  type ViewInput,
} from './spendView.ts';

const HEIGHT = 380;

/** One line of the picture. */
interface Curve {
  label: string;
  values: readonly (string | null)[];
  colour: string;
  look: 'line' | 'dashed' | 'dotted';
  /** Whether the usage rows up to a step are behind it. */
  rows?: true;
  /** The range that it can end in. */
  range?: { low: readonly (string | null)[]; high: readonly (string | null)[] };
}

/** What was spent until each step, against budgets, forecast and the period before. A line of marks for each of them. */
export function cumulativeView(input: ViewInput): ChartView {
  const { picture, amounts, colours, days } = input;
  const curves = curvesOf(input);
  return {
    name: 'Cumulative cost against budget and forecast',
    words: curves
      .flatMap(({ label, values }) => {
        const at = values.findLastIndex((value) => value !== null);
        const step = picture.steps[at];
        return step === undefined
          ? []
          : [
              `${shortName(label)} until ${days.long({ from: step.to, to: step.to })}: ${amounts.rounded(values[at] ?? '0')}.`,
            ];
      })
      .join(' '),
    facts: forecastFacts(input),
    lines: curves.map(({ label }) => label),
    columns: picture.steps.map(({ from }) => from),
    legend: curves.map(({ label, colour, look, values }) => {
      const last = values.findLast((value) => value !== null);
      return {
        label,
        fill: plain(colour),
        look,
        ...(last === undefined || last === null
          ? { value: '', exact: '' }
          : { value: amounts.rounded(last), exact: amounts.exact(last) }),
      };
    }),
    height: () => HEIGHT,
    option: () => ({
      ...axesOption(input),
      series: [
        ...curves.map((curve, at) => lineSeries(curve, at)),
        ...curves.flatMap(rangeSeries),
        ...stepShades(input),
      ],
    }),
    mark: (place) => curveMark(input, curves, place),
    steps: {
      newest: newestStep(picture.cumulative.actual),
      below: (column, value) => [nearest(curves, column, value), column],
      extent: () => undefined,
    },
    items: {
      drawn: ([line, column]) => [{ seriesIndex: line, dataIndex: column }],
      placeOf: (seriesIndex, dataIndex) => (seriesIndex < curves.length ? [seriesIndex, dataIndex] : undefined),
    },
  };

  function lineSeries({ values, colour, look }: Curve, at: number): object {
    return {
      type: 'line',
      id: String(at),
      name: String(at),
      color: colour,
      symbol: 'circle',
      symbolSize: 9,
      showSymbol: values.filter((value) => value !== null).length === 1,
      lineStyle: { width: at === 0 ? 3 : 2, type: look === 'line' ? 'solid' : look },
      emphasis: pointed(colours),
      ...(at === 0 ? { areaStyle: { opacity: 0.15 } } : {}),
      data: values.map(position),
    };
  }

  /** The band between low and high: what is below it is not drawn. */
  function rangeSeries({ range, colour }: Curve): object[] {
    if (range === undefined) {
      return [];
    }
    const band = (values: (number | '-')[], opacity: number) => ({
      type: 'line',
      stack: 'range',
      stackStrategy: 'all',
      silent: true,
      symbol: 'none',
      color: colour,
      lineStyle: { opacity: 0 },
      areaStyle: { opacity },
      data: values,
    });
    const low = range.low.map(position);
    const width = range.high.map((value, at) => {
      const bottom = low[at];
      return value === null || typeof bottom !== 'number' ? '-' : Number(value) - bottom;
    });
    return [band(low, 0), band(width, 0.22)];
  }
}

/** Where the forecast comes from, or why there is none. */
function forecastFacts({ picture: { cumulative } }: ViewInput): string[] {
  const fact = cumulative.forecast?.method ?? cumulative.noForecast;
  return fact === undefined ? [] : [fact];
}

function curvesOf({ picture, colours }: ViewInput): Curve[] {
  const { actual, budgets, forecast, previous } = picture.cumulative;
  const [first = colours.text, second = colours.text, third = colours.text, ...more] = colours.groups.map(
    ({ colour }) => colour,
  );
  return [
    { label: 'Spent', values: actual, colour: first, look: 'line', rows: true },
    ...(forecast === undefined
      ? []
      : [
          {
            label: 'Forecast',
            values: forecast.values,
            colour: third,
            look: 'dashed' as const,
            range: { low: forecast.low, high: forecast.high },
          },
        ]),
    ...budgets.map(({ name, values }, at) => ({
      label: `Budget ${name}`,
      values,
      colour: at === 0 ? second : (more[at % more.length] ?? second),
      look: 'dotted' as const,
    })),
    ...(previous === undefined
      ? []
      : [
          {
            label: picture.comparison?.label ?? 'Period before',
            values: previous,
            colour: colours.others,
            look: 'dashed' as const,
          },
        ]),
  ];
}

function curveMark({ picture, amounts, days }: ViewInput, curves: Curve[], [line, column]: Place): Mark | undefined {
  const curve = curves[line];
  const step = picture.steps[column];
  if (curve === undefined || step === undefined) {
    return undefined;
  }
  const { label, values, rows, range } = curve;
  const value = values[column] ?? null;
  const low = range?.low[column] ?? null;
  const high = range?.high[column] ?? null;
  const between = low === null || high === null ? '' : `, between ${amounts.exact(low)} and ${amounts.exact(high)}`;
  const nothing = rows === true ? unknownText(step) : 'nothing to show';
  const amount = value === null ? nothing : `${amounts.exact(value)}${between}`;
  const text = `${shortName(label)} until ${days.long({ from: step.to, to: step.to })} (UTC): ${amount}.`;
  return rows === true && value !== null
    ? { text, drill: { period: { from: picture.period.from, to: step.to } } }
    : { text };
}

/** Why a sum up to a step has no digits: it may be that of an earlier one. */
function unknownText(step: Step): string {
  return step.state === 'final' || step.state === 'open'
    ? 'not known, days before are not read yet'
    : (nothingOf(step, null) ?? '');
}

/** The curve that comes closest to a height. */
function nearest(curves: readonly Curve[], column: number, value: number): number {
  const distances = curves.map(({ values }) => {
    const digits = values[column] ?? null;
    return digits === null ? Number.POSITIVE_INFINITY : Math.abs(Number(digits) - value);
  });
  return distances.indexOf(Math.min(...distances));
}
