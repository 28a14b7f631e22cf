import type { SpendSeries } from '../../spend/spendShapes.ts';
import { textOn } from '../../workbench/webview/palette.ts';
import { NO_DECAL, styleOf } from '../../workbench/webview/patterns.ts';
import { type Amounts, sumOf } from './spendNumbers.ts';
import {
  type ChartView,
  drillOf,
  NARROW,
  pointed,
  position,
  seriesFill,
  seriesId,
  shortName,
  type ViewInput,
  WIDE,
} from './spendView.ts';

const ROW = 26;
const EDGE = 40;
const TREEMAP = 340;

/** Where the money went over the whole period: areas beside ranked bars. Marks are a list. */
export function breakdownView(input: ViewInput): ChartView {
  const { picture, amounts, colours } = input;
  const { series, total } = picture;
  // A credit has no area; it is among the bars.
  const areas = series.flatMap((each, at) => (Number(each.total) > 0 ? [{ each, at }] : []));
  const ranked = series.length * ROW + EDGE;
  const label = { color: colours.text, fontFamily: colours.font };
  return {
    name: `Cost${picture.groupLabel === '' ? '' : ` by ${picture.groupLabel}`} over the whole period`,
    words: largestText(input),
    lines: ['groups'],
    columns: series.map(seriesId),
    facts: creditFacts(series, amounts),
    areas: areas.map(({ each, at }) => seriesFill(each, at, colours)),
    legend: series.map((each, at) => ({
      label: each.label,
      fill: seriesFill(each, at, colours),
      look: 'area',
      value: amounts.rounded(each.total),
      exact: amounts.exact(each.total),
    })),
    height: (width) => (width < NARROW ? TREEMAP + ranked : Math.max(TREEMAP, ranked)),
    option: (width) => {
      const narrow = width < NARROW;
      const amountsFit = width >= WIDE;
      const wide = { left: '47%', right: amountsFit ? 190 : 48, top: 8, bottom: 8, outerBoundsMode: 'same' };
      return {
        grid: narrow ? { left: 8, right: 48, top: TREEMAP, height: ranked - EDGE } : wide,
        xAxis: { type: 'value', axisLabel: { show: false }, splitLine: { show: false } },
        yAxis: {
          type: 'category',
          inverse: true,
          data: series.map((each) => shortName(each.label, narrow ? 16 : 28)),
          axisLabel: { ...label, interval: 0 },
          axisTick: { show: false },
          axisLine: { lineStyle: { color: colours.line } },
        },
        series: [
          {
            type: 'bar',
            id: 'ranked',
            barCategoryGap: '25%',
            // Patterns of the areas are in their order, which is not that of the bars.
            itemStyle: { decal: { ...NO_DECAL } },
            emphasis: pointed(colours),
            label: {
              ...label,
              show: true,
              position: 'right',
              formatter: ({ dataIndex }: { dataIndex: number }) => {
                const digits = series[dataIndex]?.total ?? '0';
                return amountsFit ? amounts.rounded(digits) : amounts.share(digits, total);
              },
            },
            data: series.map((each, at) => ({
              value: position(each.total),
              itemStyle: styleOf(seriesFill(each, at, colours)),
            })),
          },
          {
            type: 'treemap',
            id: 'areas',
            left: 8,
            top: 8,
            ...(narrow ? { right: 8, height: TREEMAP - 24 } : { width: '44%', bottom: 8 }),
            roam: false,
            nodeClick: false,
            breadcrumb: { show: false },
            itemStyle: { borderColor: colours.background, borderWidth: 1, gapWidth: 1 },
            label: {
              fontFamily: colours.font,
              overflow: 'truncate',
              formatter: ({ dataIndex }: { dataIndex: number }) => shortName(areas[dataIndex - 1]?.each.label ?? ''),
            },
            emphasis: pointed(colours),
            data: areas.map(({ each, at }) => {
              const style = styleOf(seriesFill(each, at, colours));
              return {
                id: String(at),
                name: String(at),
                value: Number(each.total),
                itemStyle: style,
                label: labelOn(style),
              };
            }),
          },
        ],
      };
    },
    mark: ([, column]) => {
      const each = series[column];
      if (each === undefined) {
        return undefined;
      }
      const share = amounts.share(each.total, total);
      const text = `${shortName(each.label)}: ${amounts.exact(each.total)}${share === '' ? '' : `, ${share} of ${amounts.exact(total)}`}.`;
      return { text, drill: drillOf(picture, each, picture.period) };
    },
    items: {
      drawn: ([, column]) => {
        const area = areas.findIndex(({ at }) => at === column);
        // The root of the tree is the first of its nodes.
        return [{ seriesIndex: 0, dataIndex: column }, ...(area < 0 ? [] : [{ seriesIndex: 1, dataIndex: area + 1 }])];
      },
      placeOf: (seriesIndex, dataIndex) => {
        const at = seriesIndex === 0 ? dataIndex : areas[dataIndex - 1]?.at;
        return at === undefined ? undefined : [0, at];
      },
    },
  };
}

/** Behind letters on a pattern, which they could not be told from. */
function labelOn({ color, decal }: { color: string; decal?: object }): object {
  return { color: textOn(color), ...(decal === undefined ? {} : { textBorderColor: color, textBorderWidth: 4 }) };
}

/** The largest group in words. */
function largestText({ picture: { series, total }, amounts }: ViewInput): string {
  const [largest] = series;
  if (largest === undefined || largest.kind === 'none') {
    return '';
  }
  const share = amounts.share(largest.total, total);
  return `${shortName(largest.label)} is the largest: ${amounts.rounded(largest.total)}${share === '' ? '' : `, ${share}`}.`;
}

/** What cannot be seen among the areas. */
function creditFacts(series: readonly SpendSeries[], amounts: Amounts): string[] {
  const credits = series.filter(({ total }) => Number(total) < 0);
  if (credits.length === 0) {
    return [];
  }
  const sum = amounts.rounded(sumOf(credits.map(({ total }) => total)));
  return [
    credits.length === 1
      ? `1 group is a credit of ${sum}: it has no area and is among the bars alone.`
      : `${credits.length} groups are credits, ${sum} together: they have no areas and are among the bars alone.`,
  ];
}
