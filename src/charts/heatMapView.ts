import { DecimalSum } from '../records/decimal.ts';
import type { HeatMap, HeatMapRow } from './contract.ts';
import { type MapChoice, meterSeries } from './heatMapChoices.ts';
import { type FoundPeak, mapSummary } from './heatMapTexts.ts';
import { unitText } from './names.ts';
import { QuantitySeries } from './quantitySeries.ts';
import { DAY, HOURS_PER_DAY, type UtilizationCells } from './utilizationCells.ts';

/** Rows of a daily map; what has less use is added up in one more. */
const MOST_ROWS = 100;

/** Draws one choice of what was read; there is something to draw. */
export function heatMapView(cells: UtilizationCells, choice: MapChoice): HeatMap {
  const [first, last] = cells.span ?? [0, -1];
  const days = Array.from({ length: last - first + 1 }, (_, at) => dayText(first + at));
  const hourly = cells.granularity === 'hourly';
  const span = { first, days: days.length, windowDay: cells.windowDay };
  const lines = hourly ? hourLines(choice, span) : namedLines(choice, span);
  const peak = peakOf(lines);
  const total = new DecimalSum();
  for (const line of lines) {
    total.add(line.total);
  }
  const rows = hourly ? 'hours' : choice.single ? 'resources' : 'meters';
  const daysBefore = Math.min(Math.max(cells.windowDay - first, 0), days.length);
  const map = { choice: choice.id, unit: unitText(choice.unit), rows, days, daysBefore, lines } as const;
  return { ...map, peak: peak?.digits ?? '0', summary: mapSummary(map, choice.label, total.toString(), peak) };
}

/** The columns of a map; days since 1970. */
interface Span {
  first: number;
  days: number;
  /** First day of the window. */
  windowDay: number;
}

/** Digits as in {@link QuantitySeries.at}. Before the window only what came late is in it: nothing is missing there. */
function cellAt(series: QuantitySeries, slice: number, day: number, { windowDay }: Span): string | null {
  const digits = series.at(slice);
  return digits === '' && day < windowDay ? null : digits;
}

function hourLines({ meters }: MapChoice, span: Span): HeatMapRow[] {
  const series = QuantitySeries.sumOf(meters.map(meterSeries));
  return Array.from({ length: HOURS_PER_DAY }, (_, hour) => {
    const sum = new DecimalSum();
    const cells = Array.from({ length: span.days }, (_, at) => {
      const day = span.first + at;
      const digits = cellAt(series, day * HOURS_PER_DAY + hour, day, span);
      if (digits !== null && digits !== '') {
        sum.add(digits);
      }
      return digits;
    });
    return { label: `${String(hour).padStart(2, '0')}:00`, total: sum.toString(), cells };
  });
}

function namedLines({ meters, single }: MapChoice, span: Span): HeatMapRow[] {
  const named = single
    ? meters.flatMap(({ resources }) => [...resources.values()])
    : meters.map((meter) => ({ label: meter.label, series: meterSeries(meter) }));
  const sized = named
    .map(({ label, series }) => ({ label, series, total: series.total }))
    .sort((one, other) => Number(other.total) - Number(one.total) || (one.label < other.label ? -1 : 1));
  const rest = sized.slice(MOST_ROWS).map(({ series }) => series);
  const others = rest.length === 0 ? [] : [{ label: `${rest.length} others`, series: QuantitySeries.sumOf(rest) }];
  return [...sized.slice(0, MOST_ROWS), ...others].map(({ label, series }) => ({
    label,
    total: series.total,
    cells: Array.from({ length: span.days }, (_, at) => cellAt(series, span.first + at, span.first + at, span)),
  }));
}

/** The first of the largest. */
function peakOf(lines: readonly HeatMapRow[]): FoundPeak | undefined {
  let peak: FoundPeak | undefined;
  lines.forEach(({ cells }, line) => {
    cells.forEach((digits, day) => {
      if (digits !== null && digits !== '' && (peak === undefined || Number(digits) > Number(peak.digits))) {
        peak = { line, day, digits };
      }
    });
  });
  return peak;
}

function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
