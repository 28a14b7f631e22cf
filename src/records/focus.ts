import { FOCUS_COLUMNS } from './focusColumns.ts';
import { type CostKind, FocusRows } from './focusRows.ts';
import { COST_FILES, type MakeLayout } from './rowLayout.ts';
import { LEGACY_USAGE, MODERN_USAGE } from './usageDetails.ts';

/** Whether rows of this kind have FOCUS columns: usage details and cost files. */
export function hasFocusColumns(source: string): boolean {
  return [MODERN_USAGE.kind, LEGACY_USAGE.kind, COST_FILES].includes(source);
}

/**
 * The columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification; Cost Management documentation: "FOCUS cost and usage details file
 * schema" for those that begin with x_), the same for all kinds of rows, so that files of several can be put together. All 21 columns of
 * feature level Mandatory are there. Times are UTC (`2026-10-01T00:00:00Z`); ends of FOCUS's own periods are exclusive. Numbers are decimals
 * as they were sent, never computed. Whatever no column holds just as it was sent is in x_Source, one JSON object under Azure's names; null
 * and empty text are left out of it.
 *
 * So some cells are empty although the specification allows no null there:
 * - ContractedCost always: it is unit price times quantity, and rows have no such product.
 * - BilledCost in amortized rows, EffectiveCost in actual ones, where a reservation or a savings plan is involved: those rows were
 *   sent with the other of the two costs, and only a second export has it.
 * - ListCost in legacy rows and in files without `paygCostInBillingCurrency`.
 * - BillingAccountId, with its name and type, in rows without a billing profile; ChargeCategory, PublisherName and ServiceName where the row
 *   has no word for it or one without a translation; periods in rows without dates.
 *
 * PricingQuantity and PricingUnit are empty where the unit of measure counts blocks (`100 GB`): rows do not tell what their quantity
 * counts. Left out, because rows know nothing of them: the conditional CapacityReservationId, CapacityReservationStatus,
 * CommitmentDiscountQuantity, CommitmentDiscountUnit, SkuPriceDetails and SkuPriceId, and the recommended AvailabilityZone and
 * ServiceSubcategory.
 *
 * @throws RangeError for rows without such columns, see {@link hasFocusColumns}
 */
export function focusLayout(costs: CostKind): MakeLayout {
  return (values) => {
    if (!hasFocusColumns(values.source)) {
      throw new RangeError(`FOCUS columns are for usage details and cost files, not for ${values.source}.`);
    }
    const rows = new FocusRows(values, costs);
    const cells = FOCUS_COLUMNS.map(({ name, type, cell }) => ({ ...cell(rows), name, type }));
    return { cells: [...cells, rows.source()], unknown: values.unknown };
  };
}
