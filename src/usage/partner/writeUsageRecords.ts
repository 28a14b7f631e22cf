import { unavailable } from '../../api/partnerCenter/availability.ts';
import type { PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';
import { usageCurrency } from '../../api/partnerCenter/usageCurrency.ts';
import {
  listUsageByMeter,
  listUsageByMeterOfLegacyAzure,
  listUsageByResource,
  listUsageOfCustomers,
  listUsageOfSubscriptions,
  type UsageRecordPages,
} from '../../api/partnerCenter/usageRecords.ts';
import type { Format } from '../../records/formats.ts';
import type { Sink } from '../../records/output.ts';
import { CUSTOMER_USAGE, METER_USAGE, RESOURCE_USAGE, SUBSCRIPTION_USAGE } from '../../records/partnerUsage.ts';
import type { RecordSchema } from '../../records/schema.ts';
import { RecordsDocument } from '../recordsDocument.ts';
import type { UsageReport, WriteOptions } from '../writeUsage.ts';
import { pagesReport } from './pagesReport.ts';
import { tokenPages } from './tokenPages.ts';

/** Whose usage records, by what. */
export type UsageRecordsSubject =
  | { of: 'customers' }
  /** Legacy Azure subscriptions and Azure plans of a customer, by its tenant id. */
  | { of: 'subscriptions'; customer: string }
  /** Of a subscription or plan, by its id in Partner Center. */
  | { of: 'meters' | 'resources'; customer: string; subscription: string };

interface Source {
  walk: UsageRecordPages;
  schema: RecordSchema;
  /** The call, for the report. */
  call: string;
}

/** The list that brings the records. Nothing is sent yet. */
export function usageRecordsSource(client: PartnerCenterClient, subject: UsageRecordsSubject): Source {
  switch (subject.of) {
    case 'customers':
      return {
        walk: listUsageOfCustomers(client),
        schema: CUSTOMER_USAGE,
        call: 'usage records of customers',
      };
    case 'subscriptions':
      return {
        walk: listUsageOfSubscriptions(client, subject.customer),
        schema: SUBSCRIPTION_USAGE,
        call: 'subscription usage records of the customer',
      };
    case 'meters': {
      // The older call takes legacy subscriptions only, and an application without a user.
      const older = unavailable('usageByMeter', client.cloud, client.signIn) !== undefined;
      const walk = older ? listUsageByMeterOfLegacyAzure(client, subject) : listUsageByMeter(client, subject);
      return { walk, schema: METER_USAGE, call: 'usage records by meter' };
    }
    case 'resources':
      return {
        walk: listUsageByResource(client, subject),
        schema: RESOURCE_USAGE,
        call: 'usage records by resource',
      };
  }
}

/**
 * Writes usage records: estimates of the open billing period, with exact sums per currency.
 *
 * @throws BillingError when any page fails for good; the sink then holds a part that must not be shown as the whole
 */
export async function writeUsageRecords(
  client: PartnerCenterClient,
  subject: UsageRecordsSubject,
  format: Format,
  sink: Sink,
  options: WriteOptions,
): Promise<UsageReport> {
  const { walk, schema, call } = usageRecordsSource(client, subject);
  const currencyOf = (currencyLocale: string) => usageCurrency({ currencyLocale }) ?? '';
  const document = new RecordsDocument({ schema, format, operation: walk.first.operation, currencyOf }, sink);
  const pages = tokenPages(walk, options);
  return pagesReport(document, pages, `Partner Center v1, ${call}`, client.http.clock.now(), options);
}
