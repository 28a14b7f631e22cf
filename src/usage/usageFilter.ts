import { BillingError } from '../api/http/errors.ts';
import type { RowCondition, RowFilter, RowPlace } from './rowFilter.ts';

/** A condition on usage rows in the words of Cost Management: a dimension such as `ServiceName`, or `tag:<key>`. */
export interface UsageCondition {
  by: string;
  /** The row has one of these, compared without case; an empty text stands for none at all. */
  values: readonly string[];
  /** The row has none of them. */
  not?: true | undefined;
}

/** Rows are kept when all conditions hold. Empty: all are kept. */
export type UsageFilter = readonly UsageCondition[];

const TAG = 'tag:';
const RESOURCE_TYPE = 'resourcetype';

/**
 * The columns of usage details and of cost files that hold what Cost Management calls a dimension; rows have the ones that their kind
 * has. Public documents: "Understand the terms in your Azure usage and charges file", REST reference of Usage Details - List.
 */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  resourcegroupname: ['resourceGroup', 'resourceGroupName'],
  resourcegroup: ['resourceGroup', 'resourceGroupName'],
  resourceid: ['instanceName', 'resourceId'],
  // Told by the path of the resource.
  resourcetype: ['instanceName', 'resourceId'],
  resourcelocation: ['resourceLocation', 'resourceLocationNormalized', 'location'],
  subscriptionid: ['subscriptionGuid', 'subscriptionId'],
  subscriptionname: ['subscriptionName'],
  // Rows call the service by the category of its meters.
  servicename: ['meterCategory', 'meterDetails.meterCategory'],
  servicefamily: ['serviceFamily', 'meterDetails.serviceFamily'],
  servicetier: ['meterSubCategory', 'meterDetails.meterSubCategory'],
  metercategory: ['meterCategory', 'meterDetails.meterCategory'],
  metersubcategory: ['meterSubCategory', 'meterDetails.meterSubCategory'],
  meter: ['meterName', 'meterDetails.meterName'],
  product: ['product', 'productName'],
  chargetype: ['chargeType'],
  publishertype: ['publisherType'],
  pricingmodel: ['pricingModel'],
  billingprofileid: ['billingProfileId'],
  billingprofilename: ['billingProfileName'],
  billingcurrency: ['billingCurrencyCode', 'billingCurrency'],
  billingcurrencycode: ['billingCurrencyCode', 'billingCurrency'],
  currency: ['billingCurrencyCode', 'billingCurrency'],
  pricingcurrency: ['pricingCurrencyCode', 'pricingCurrency'],
  invoiceid: ['invoiceId'],
  invoicesectionname: ['invoiceSectionName'],
  customer: ['customerName'],
  customername: ['customerName'],
  customertenantid: ['customerTenantId'],
  partnername: ['partnerName'],
  partnertenantid: ['partnerTenantId'],
  resellermpnid: ['resellerMpnId'],
  reservationid: ['reservationId'],
  reservationname: ['reservationName'],
  frequency: ['frequency'],
  benefitname: ['benefitName'],
};

/** Whether usage rows tell what a dimension says; others exist in cost queries alone. */
export function hasUsageColumn(by: string): boolean {
  return isTag(by) || Object.hasOwn(COLUMNS, by.toLowerCase());
}

/**
 * Checks conditions that a caller or an address gave.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function checkUsageFilter(given: unknown): UsageFilter {
  if (!Array.isArray(given)) {
    throw new BillingError('argument', 'only: has to be a list of conditions.', {
      advice: "For example [{by: 'ServiceName', values: ['Storage']}].",
    });
  }
  return given.map((condition: unknown, at) => {
    const { by, values, not } = (condition ?? {}) as { by?: unknown; values?: unknown; not?: unknown };
    if (typeof by !== 'string' || !hasUsageColumn(by)) {
      throw new BillingError('argument', `only[${at}].by: usage rows do not tell '${String(by).slice(0, 60)}'.`, {
        advice: 'Use a dimension of Cost Management such as ServiceName or ResourceGroupName, or tag:<key>.',
      });
    }
    if (!Array.isArray(values) || values.length === 0 || !values.every((value) => typeof value === 'string')) {
      throw new BillingError('argument', `only[${at}].values: has to be a list of at least one text.`);
    }
    if (not !== undefined && not !== true) {
      throw new BillingError('argument', `only[${at}].not: is true, or left out.`);
    }
    return { by, values, ...(not === true ? { not } : {}) };
  });
}

/**
 * The conditions over columns of one kind of rows.
 *
 * @param columns what these rows have; compared without case
 * @throws BillingError of kind `argument` where they have no such column
 */
export function rowFilter(filter: UsageFilter, columns: readonly string[]): RowFilter {
  return filter.flatMap((condition) => conditionsOf(condition, columns));
}

function conditionsOf({ by, values, not }: UsageCondition, columns: readonly string[]): RowCondition[] {
  const text = values.map((value) => value.trim());
  return [{ ...usagePlace(by, columns), text, ...(not === true ? { not } : {}) }];
}

/**
 * Where one kind of rows tells what Cost Management calls a dimension, or a tag.
 *
 * @param columns what these rows have; compared without case
 * @throws BillingError of kind `argument` where they have no such column
 */
export function usagePlace(by: string, columns: readonly string[]): RowPlace {
  const named = (name: string) => columns.find((column) => column.toLowerCase() === name.toLowerCase());
  if (isTag(by)) {
    const tags = named('tags');
    return tags === undefined ? noColumn(by) : { column: tags, member: by.slice(TAG.length) };
  }
  const places = (COLUMNS[by.toLowerCase()] ?? []).map((place) => place.split('.'));
  const plain = places.filter(([, member]) => member === undefined).flatMap(([name = '']) => named(name) ?? []);
  if (plain.length > 0) {
    return { column: plain, ...(by.toLowerCase() === RESOURCE_TYPE ? { type: true as const } : {}) };
  }
  const [name, member] = places.find(([, inside]) => inside !== undefined) ?? [];
  const column = name === undefined ? undefined : named(name);
  return column === undefined || member === undefined ? noColumn(by) : { column, member };
}

function noColumn(by: string): never {
  throw new BillingError('argument', `only: these usage rows do not tell '${by}'.`, {
    advice: 'Open the usage without this condition.',
  });
}

function isTag(by: string): boolean {
  return by.toLowerCase().startsWith(TAG) && by.length > TAG.length;
}
