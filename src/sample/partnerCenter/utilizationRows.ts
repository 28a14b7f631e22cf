import { decimalText, QUANTITY_SCALE } from '../decimal.ts';
import { guid, hash } from '../hash.ts';
import { compile, fill, MARK, type Template } from '../rowTemplate.ts';
import { HOURS_PER_DAY, type MeteredResource } from './meteredResources.ts';
import type { LegacyAzure } from './subscriptions.ts';

const MS_PER_HOUR = 3_600_000;
// Templates of a subscription with many resources are few; the bound is for many subscriptions and tenants in one process.
const MOST_TEMPLATES = 4_000;

/** When the use of a row began and ended, and the moment that additional information tells. */
interface RowTimes extends Readonly<Record<string, string>> {
  readonly start: string;
  readonly end: string;
  readonly event: string;
}

/** Writes utilization records as JSON text (Partner Center REST reference: Azure utilization record resources). */
export class UtilizationRows {
  readonly #templates = new Map<string, Template>();
  #last: { readonly key: string; readonly times: RowTimes } | undefined;

  /** The row of a resource, or of its meter when there are no details; hours since 1970. */
  row(
    subscription: LegacyAzure,
    resource: MeteredResource,
    showDetails: boolean,
    firstHour: number,
    hours: number,
    units: number,
  ): string {
    const key = `${subscription.slot}/${resource.key}/${showDetails}`;
    let template = this.#templates.get(key);
    if (!template) {
      if (this.#templates.size >= MOST_TEMPLATES) this.#templates.clear();
      template = compile(rowOf(subscription, resource, showDetails));
      this.#templates.set(key, template);
    }
    const times = this.#timesOf(firstHour, hours, writesPacific(subscription));
    return fill(template, { ...times, quantity: decimalText(BigInt(units), QUANTITY_SCALE) });
  }

  // Rows of one time follow each other, and telling a time costs more than all the rest of a row.
  #timesOf(firstHour: number, hours: number, pacific: boolean): RowTimes {
    const key = `${firstHour}/${hours}/${pacific}`;
    if (this.#last?.key !== key) {
      const time = pacific ? pacificTime : utcTime;
      const times = { start: time(firstHour), end: time(firstHour + hours), event: eventTime(firstHour) };
      this.#last = { key, times };
    }
    return this.#last.times;
  }
}

function rowOf(subscription: LegacyAzure, resource: MeteredResource, showDetails: boolean): object {
  const { meter, region, id } = resource.meter;
  const isOldStyle = meter.category === 'Azure App Service';
  return {
    usageStartTime: `${MARK}start`,
    usageEndTime: `${MARK}end`,
    resource: {
      id,
      name: meter.name,
      category: meter.category,
      subcategory: meter.subCategory === meter.category ? '' : meter.subCategory,
      // Old rows have no region.
      ...(isOldStyle ? {} : { region: region.displayName }),
    },
    quantity: `${MARK}#quantity`,
    unit: unitOf(meter.unit),
    infoFields:
      isOldStyle && showDetails
        ? {
            meteredRegion: region.displayName,
            meteredService: meter.category,
            meteredServiceType: resource.name,
            project: `${resource.name}-${region.location}webspace`,
          }
        : {},
    ...(isOldStyle || !showDetails ? {} : { instanceData: instanceOf(subscription, resource) }),
    attributes: { objectType: 'AzureUtilizationRecord' },
  };
}

function instanceOf(subscription: LegacyAzure, resource: MeteredResource): object {
  const { meter, region } = resource.meter;
  const location = region.location.toLowerCase();
  return {
    resourceUri: resourceUriOf(subscription, resource),
    location,
    partNumber: '',
    orderNumber: '',
    ...(resource.tags ? { tags: resource.tags } : {}),
    ...(meter.category === 'Storage'
      ? {
          additionalInfo: {
            'azureStack.MeterId': guid(hash(resource.key, 1), 0).toUpperCase(),
            'azureStack.Location': location,
            'azureStack.EventDateTime': `${MARK}event`,
          },
        }
      : {}),
  };
}

/** The ARM id of a resource; its subscription is the Azure subscription id. */
function resourceUriOf(subscription: LegacyAzure, { meter: { meter }, group, name }: MeteredResource): string {
  const [provider, ...types] = meter.resourceType.split('/');
  const type = types.join('/');
  return `/subscriptions/${subscription.entitlementId.toLowerCase()}/resourceGroups/${group}/providers/${provider}/${type}/${name}`;
}

/** Units of 145P are spelled otherwise than those of plans: `Hours`, and counts with a comma. */
export function unitOf(unit: string): string {
  if (unit === '1 Hour') return 'Hours';
  return unit === '10K' ? '10,000s' : unit;
}

/** Subscriptions sold in dollars tell Pacific time, all others UTC. */
function writesPacific({ customer }: LegacyAzure): boolean {
  return customer.currency === 'USD';
}

function utcTime(hour: number): string {
  return `${new Date(hour * MS_PER_HOUR).toISOString().slice(0, 19)}+00:00`;
}

function pacificTime(hour: number): string {
  const offset = isPacificSummer(hour) ? 7 : 8;
  return `${new Date((hour - offset) * MS_PER_HOUR).toISOString().slice(0, 19)}-0${offset}:00`;
}

/** From the second Sunday of March to the first Sunday of November, 2 o'clock local time. */
function isPacificSummer(hour: number): boolean {
  const year = new Date(hour * MS_PER_HOUR).getUTCFullYear();
  const [from, to] = SUMMERS.get(year) ?? summerOf(year);
  return hour >= from && hour < to;
}

const SUMMERS = new Map<number, readonly [number, number]>();

function summerOf(year: number): readonly [number, number] {
  const sunday = (month: number, n: number): number => {
    const first = Date.UTC(year, month, 1) / (HOURS_PER_DAY * MS_PER_HOUR);
    // 1970-01-04 was a Sunday.
    return (first + ((((3 - first) % 7) + 7) % 7) + 7 * (n - 1)) * HOURS_PER_DAY;
  };
  const summer = [sunday(2, 2) + 10, sunday(10, 1) + 9] as const;
  SUMMERS.set(year, summer);
  return summer;
}

/** `06/05/2017 06:00:00` */
function eventTime(hour: number): string {
  const [date = '', time = ''] = new Date(hour * MS_PER_HOUR).toISOString().slice(0, 19).split('T');
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year} ${time}`;
}
