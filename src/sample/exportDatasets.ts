import { type DayRange, monthOf } from './calendar.ts';
import type { CostScope } from './costScopes.ts';
import { DATASET_TYPES, type Dataset, dataset } from './datasets/dataset.ts';
import type { ExportDefinition } from './exportModel.ts';
import { defaultDataVersion } from './exportVersions.ts';
import { priceSheet } from './priceSheet.ts';
import type { Tenant } from './tenant.ts';

const PRICE_SHEET_VERSION = '2023-05-01';
/** What the REST reference names for exports of costs: the columns of the version before. */
const COST_ALIASES: ReadonlyMap<string, string> = new Map([['2023-05-01', '2021-10-01']]);

/** The version of the data set that an export gets (article "Cost Management dataset schemas"). */
export function dataVersionOf({ type, dataVersion }: ExportDefinition, apiVersion: string): string {
  return dataVersion ?? defaultDataVersion(type, apiVersion);
}

/**
 * What an export writes for some days; undefined for the data sets of reservations, of which the tenant has none. Throws a
 * RangeError that names the known versions when there is no such version of the data set.
 */
export function exportDataset(
  tenant: Tenant,
  scope: CostScope,
  definition: ExportDefinition,
  apiVersion: string,
  days: DayRange,
): Dataset | undefined {
  const dataVersion = dataVersionOf(definition, apiVersion);
  const type = DATASET_TYPES.find((known) => known === definition.type);
  if (type === 'FocusCost') return dataset(tenant, { scope, days, type, dataVersion });
  if (type) {
    return dataset(tenant, { scope, days, type, dataVersion: COST_ALIASES.get(dataVersion) ?? dataVersion });
  }
  if (dataVersion !== PRICE_SHEET_VERSION) throw new RangeError(`use ${PRICE_SHEET_VERSION}.`);
  const profile = scope.parts[0]?.profile;
  if (definition.type !== 'PriceSheet' || !profile) return undefined;
  return priceSheet(tenant, profile, monthOf(days.from), PRICE_SHEET_VERSION);
}
