import type { SpendComparison, SpendDriver } from '../../spend/spendShapes.ts';
import type { Amounts } from './spendNumbers.ts';
import {
  type ChartView,
  type Drill,
  NARROW,
  plain,
  pointed,
  position,
  shortName,
  type ViewInput,
  WIDE,
} from './spendView.ts';

const ROW = 28;
const EDGE = 40;

/** What made the difference to another period: a bar for each driver, the largest first. Marks are a list. */
export function comparisonView(input: ViewInput, comparison: SpendComparison): ChartView {
  const { picture, amounts, colours, days } = input;
  const { drivers } = comparison;
  const label = { color: colours.text, fontFamily: colours.font };
  const colourOf = ({ difference }: SpendDriver) => (Number(difference) < 0 ? colours.less : colours.more);
  return {
    name: `Difference to ${comparison.label}${picture.groupLabel === '' ? '' : ` by ${picture.groupLabel}`}`,
    words: differenceText(input, comparison),
    lines: ['drivers'],
    columns: drivers.map(driverId),
    legend: [
      {
        label: days.long(comparison.days),
        fill: colours.groups[0] ?? plain(colours.text),
        look: 'line',
        value: amounts.rounded(comparison.now),
        exact: amounts.exact(comparison.now),
      },
      {
        label: comparison.label,
        fill: plain(colours.others),
        look: 'line',
        value: amounts.rounded(comparison.total),
        exact: amounts.exact(comparison.total),
      },
      {
        label: 'Difference',
        fill: plain(Number(comparison.difference) < 0 ? colours.less : colours.more),
        look: 'area',
        value: changeText(comparison, amounts),
        exact: amounts.signed(comparison.difference),
      },
    ],
    height: () => drivers.length * ROW + EDGE + 20,
    option: (width) => ({
      grid: { left: 12, right: width < WIDE ? 56 : 210, top: 8, bottom: 24 },
      xAxis: {
        type: 'value',
        axisLabel: {
          ...label,
          color: colours.faint,
          hideOverlap: true,
          formatter: (value: number) => amounts.axis(value),
        },
        splitLine: { lineStyle: { color: colours.line } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: drivers.map((driver) => shortName(driver.label, width < NARROW ? 16 : 40)),
        axisLabel: { ...label, interval: 0 },
        axisTick: { show: false },
        axisLine: { onZero: false, lineStyle: { color: colours.line } },
      },
      series: [
        {
          type: 'bar',
          id: 'drivers',
          barCategoryGap: '25%',
          emphasis: pointed(colours),
          label: {
            ...label,
            show: true,
            position: 'right',
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const { kind = '', difference = '0' } = drivers[dataIndex] ?? {};
              return width < WIDE ? kind : `${kind} ${amounts.change(difference)}`;
            },
          },
          data: drivers.map((driver) => ({
            value: position(driver.difference),
            itemStyle: { color: colourOf(driver) },
          })),
        },
      ],
    }),
    mark: ([, column]) => {
      const driver = drivers[column];
      if (driver === undefined) {
        return undefined;
      }
      const { label: name, kind, difference, before, now } = driver;
      return {
        text: `${shortName(name)}, ${kind}: ${amounts.signed(difference)}, from ${amounts.exact(before)} to ${amounts.exact(now)}.`,
        drill: driverDrill(input, comparison, driver),
      };
    },
    items: {
      drawn: ([, column]) => [{ seriesIndex: 0, dataIndex: column }],
      placeOf: (_, dataIndex) => [0, dataIndex],
    },
  };
}

function driverId({ key, others }: SpendDriver): string {
  return `${others === true ? 'others' : 'group'} ${key}`;
}

/** The difference in digits and, where it has one, in percent. */
function changeText({ difference, percent }: SpendComparison, amounts: Amounts): string {
  return `${amounts.change(difference)}${percent === undefined ? '' : ` (${amounts.percent(percent)})`}`;
}

/** The difference and its largest driver in words. */
function differenceText({ amounts, days }: ViewInput, comparison: SpendComparison): string {
  const [largest] = comparison.drivers;
  const change = `${days.long(comparison.days)} against ${comparison.label}: ${changeText(comparison, amounts)}.`;
  return largest === undefined
    ? change
    : `${change} The largest difference is ${shortName(largest.label)}: ${amounts.change(largest.difference)}.`;
}

/** What is gone has its rows in the earlier period. */
function driverDrill({ picture }: ViewInput, { period, days, drivers }: SpendComparison, driver: SpendDriver): Drill {
  const rows = driver.kind === 'gone' ? period : days;
  if (driver.others === true) {
    return { period: rows, but: drivers.filter(({ others }) => others !== true).map(({ key }) => key) };
  }
  return picture.groupLabel === '' ? { period: rows } : { period: rows, key: driver.key };
}
