import type { Choice } from './contract.ts';
import { unitName } from './names.ts';
import { QuantitySeries } from './quantitySeries.ts';
import type { MeterCells, UtilizationCells } from './utilizationCells.ts';

/** One thing that a map can show: a unit with all of its meters, or one meter. Units are never mixed. */
export interface MapChoice extends Choice {
  /** As the service sent it. */
  unit: string;
  /** The meters in it. */
  meters: readonly MeterCells[];
  /** Whether it is a meter alone. */
  single: boolean;
}

/** What there is to choose from, the most used unit first, within it all of it and then the most used meters. */
export function mapChoices(cells: UtilizationCells): MapChoice[] {
  const units = [...cells.units].map(([unit, known]) => {
    const meters = [...known].map(([, meter]) => ({ meter, size: sizeOf(meter) })).sort(bySize);
    return { unit, meters, size: meters.reduce((sum, { size }) => sum + size, 0) };
  });
  return units.sort(bySize).flatMap(({ unit, meters }, number) => {
    const group = unitName(unit);
    const singles = meters.map(({ meter }, at) => ({
      id: `${number}/${at}`,
      unit,
      group,
      label: meter.label,
      meters: [meter],
      single: true,
    }));
    const all = { id: String(number), unit, group, label: `All meters in ${group}`, single: false };
    return singles.length === 1 ? singles : [{ ...all, meters: meters.map(({ meter }) => meter) }, ...singles];
  });
}

/** Quantities of a meter over all of its resources. */
export function meterSeries({ resources }: MeterCells): QuantitySeries {
  return QuantitySeries.sumOf([...resources.values()].map(({ series }) => series));
}

/** For an order only: a double is near enough, and what is shown are digits. */
function sizeOf({ resources }: MeterCells): number {
  return [...resources.values()].reduce((sum, { series }) => sum + Number(series.total), 0);
}

function bySize(one: { size: number }, other: { size: number }): number {
  return other.size - one.size;
}
