import { type EChartsCoreOption, init } from 'echarts/core';
import type { SpendPicture } from '../../spend/spendShapes.ts';
import type { Colours } from '../../workbench/webview/colours.ts';
import { ariaOption } from '../../workbench/webview/patterns.ts';
import { type ChartView, shortName } from './spendView.ts';

/** Pixels; a PNG has twice as many each way. */
const WIDTH = 1200;
const HEAD = 96;
const FOOT = 24;
const LEGEND_LINE = 26;
/** Entries of a legend that find room on a line, at their longest. */
const LEGEND_COLUMNS = 3;
const LONGEST_LABEL = 40;
/** Letters that find room below the title, on three lines. */
const LONGEST_WORDS = 480;

/** The picture with all that the page says around it, for a file of its own: SVG text. */
export function svgOf(title: string, picture: SpendPicture, view: ChartView, colours: Colours): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: heightOf(view) });
  chart.setOption(paperOption(title, picture, view, colours));
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}

/** The same as the bytes of a PNG, in base64. */
export function pngOf(title: string, picture: SpendPicture, view: ChartView, colours: Colours): string {
  const chart = init(document.createElement('div'), null, {
    renderer: 'canvas',
    width: WIDTH,
    height: heightOf(view),
    devicePixelRatio: 2,
  });
  chart.setOption(paperOption(title, picture, view, colours));
  const address = chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: colours.background });
  chart.dispose();
  return address.slice(address.indexOf(',') + 1);
}

function heightOf(view: ChartView): number {
  // A list names its marks beside them.
  const lines = view.steps === undefined ? 0 : Math.ceil(view.legend.length / LEGEND_COLUMNS);
  return view.height(WIDTH) + HEAD + FOOT + lines * LEGEND_LINE;
}

function paperOption(title: string, picture: SpendPicture, view: ChartView, colours: Colours): EChartsCoreOption {
  const option = view.option(WIDTH);
  const text = { color: colours.text, fontFamily: colours.font };
  const { partial = '', stale = '' } = picture;
  const { facts = [] } = view;
  const lines = { overflow: 'break', width: WIDTH - 40 } as const;
  return {
    ...option,
    ...below(option, view),
    animation: false,
    backgroundColor: colours.background,
    aria: ariaOption(picture.summary, view.areas),
    title: {
      left: 12,
      top: 8,
      text: shortName(`${title}: ${view.name}, ${picture.periodLabel}`, 120),
      subtext: shortName(
        [picture.summary, partial, stale, ...facts].filter((fact) => fact !== '').join(' '),
        LONGEST_WORDS,
      ),
      textStyle: { ...text, ...lines, fontSize: 16 },
      subtextStyle: { ...text, ...lines, fontSize: 12 },
    },
    legend: {
      show: view.steps !== undefined,
      left: 12,
      bottom: 8,
      width: WIDTH - 40,
      textStyle: text,
      data: view.legend.map((_, at) => String(at)),
      formatter: (name: string) => {
        const entry = view.legend[Number(name)];
        return entry === undefined ? '' : `${shortName(entry.label, LONGEST_LABEL)}: ${entry.value}`;
      },
    },
  };
}

/** All that is drawn, moved below the title. */
function below(option: EChartsCoreOption, view: ChartView): EChartsCoreOption {
  const moved = (part: object) => ({ ...part, top: HEAD, height: view.height(WIDTH) - 24 });
  const series = option.series;
  return {
    grid: moved(typeof option.grid === 'object' && option.grid !== null ? option.grid : {}),
    series: Array.isArray(series) ? series.map((each) => (each.type === 'treemap' ? moved(each) : each)) : [],
  };
}
