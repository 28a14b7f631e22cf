import { type EChartsCoreOption, init } from 'echarts/core';
import type { Colours } from '../../workbench/webview/colours.ts';
import type { ChartPicture } from '../chartContract.ts';
import { heightOf, pictureOption } from './pictureOption.ts';

/** Pixels; the file has twice as many each way where it has room for them. */
const WIDTH = 1200;
const SCALE = 2;
/** Pixels that any browser draws below each other; what is higher comes out empty. */
const HIGHEST = 32_767;
const EDGE = 16;
const HEAD = 40;
const LEGEND_LINE = 24;
const LEGEND_COLUMNS = 4;
const LONGEST_LABEL = 32;
const LINE = 18;

/** All pictures below each other, with the words around them: the bytes of a PNG in base64; undefined where they are too high for one. */
export function pngOf(
  { title, summary, facts }: { title: string; summary: string; facts: readonly string[] },
  pictures: readonly ChartPicture[],
  colours: Colours,
  locale: string,
): string | undefined {
  const paper = document.createElement('canvas');
  const context = paper.getContext('2d');
  if (context === null) {
    return '';
  }
  const fonts = { head: `600 18px ${colours.font}`, text: `13px ${colours.font}` };
  context.font = fonts.text;
  const words = [summary, ...facts].flatMap((text) => wrapped(context, text));
  const drawn = pictures.map((picture) => ({ picture, height: paperHeight(picture) }));
  const top = EDGE + 30 + words.length * LINE + EDGE;
  const whole = top + drawn.reduce((sum, { height }) => sum + height, 0);
  if (whole > HIGHEST) {
    return undefined;
  }
  const scale = whole * SCALE > HIGHEST ? 1 : SCALE;
  paper.width = WIDTH * scale;
  paper.height = whole * scale;
  context.scale(scale, scale);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, WIDTH, paper.height);
  context.fillStyle = colours.text;
  context.textBaseline = 'top';
  context.font = fonts.head;
  context.fillText(title, EDGE, EDGE, WIDTH - 2 * EDGE);
  context.font = fonts.text;
  for (const [at, line] of words.entries()) {
    context.fillText(line, EDGE, EDGE + 30 + at * LINE);
  }
  let y = top;
  for (const { picture, height } of drawn) {
    const chart = init(document.createElement('div'), null, {
      ...{ renderer: 'canvas', width: WIDTH, height, devicePixelRatio: scale },
    });
    chart.setOption(paperOption(picture, colours, locale));
    context.drawImage(
      chart.renderToCanvas({ pixelRatio: scale, backgroundColor: colours.background }),
      0,
      y,
      WIDTH,
      height,
    );
    chart.dispose();
    y += height;
  }
  const address = paper.toDataURL('image/png');
  return address.slice(address.indexOf(',') + 1);
}

function legendHeight({ series }: ChartPicture): number {
  return series.length === 1 ? 0 : Math.ceil(series.length / LEGEND_COLUMNS) * LEGEND_LINE + 8;
}

function paperHeight(picture: ChartPicture): number {
  return HEAD + heightOf(picture) + legendHeight(picture);
}

function paperOption(picture: ChartPicture, colours: Colours, locale: string): EChartsCoreOption {
  const option = pictureOption(picture, colours, WIDTH, locale);
  const text = { color: colours.text, fontFamily: colours.font };
  const grid = typeof option.grid === 'object' && option.grid !== null ? option.grid : {};
  return {
    ...option,
    grid: { ...grid, top: HEAD + 28, bottom: 24 + legendHeight(picture) },
    title: {
      left: EDGE,
      top: 4,
      text: picture.heading,
      textStyle: { ...text, fontSize: 15, overflow: 'truncate', width: WIDTH - 2 * EDGE },
    },
    legend: {
      show: picture.series.length > 1,
      left: EDGE,
      bottom: 4,
      width: WIDTH - 2 * EDGE,
      textStyle: { ...text, width: 220, overflow: 'truncate' },
      data: picture.series.map((_, at) => String(at)),
      formatter: (name: string) => {
        const label = [...(picture.series[Number(name)]?.label ?? '')];
        return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1).join('')}…` : label.join('');
      },
    },
  };
}

/** Lines that find room on the paper. */
function wrapped(context: CanvasRenderingContext2D, text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || context.measureText(longer).width > WIDTH - 2 * EDGE) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = longer;
    }
  }
  return lines;
}
