import { type Answer, badRequest, json, type SampleRequest } from '../answers.ts';
import { momentText } from '../costReportFiles.ts';
import type { BillingProfile } from '../directory.ts';
import type { OperationPlan, Operations } from '../operations.ts';
import { type PriceSheetVersion, priceSheet } from '../priceSheet.ts';
import { preparePriceSheetCsv, preparePriceSheetZip } from '../priceSheetFiles.ts';
import { profileId } from '../projections/common.ts';
import type { ServiceState } from '../state.ts';
import { versionOf } from '../versions.ts';
import { type Lookups, PATHS } from './lookups.ts';
import { get, post, type Route } from './table.ts';

const FIRST = ['2019-10-01-preview'] as const;
const LATER = [
  '2022-10-01',
  '2023-03-01',
  '2023-07-01-preview',
  '2023-08-01',
  '2023-09-01',
  '2023-11-01',
  '2024-08-01',
  '2025-03-01',
] as const;
const FIRST_FORM = 'pricesheet/default/download';
const LATER_FORM = 'providers/microsoft.costmanagement/pricesheets/default/download';
const SESSION = 'sessiontoken=0:11186';
/** Later versions know the prices of January 2023 and after. */
const EARLIEST_MONTH = 2023 * 12;
const NO_CONTENT: Answer = { status: 204, headers: {}, body: undefined };

/** Whose prices are asked for: those of a billing profile's present month, or of an invoice's. */
interface Asked {
  readonly profile: BillingProfile;
  readonly month: number;
  /** What operations live below. */
  readonly parent: string;
  readonly isInvoice: boolean;
  /** Invoices for purchases have no price sheet: prices are those of usage. */
  readonly hasPrices: boolean;
}

/**
 * Price sheets (REST reference: Microsoft.Billing 2019-10-01-preview and Cost Management, Price Sheet - Download). Both forms
 * answer 202 with a Location that works as it was given only.
 */
export function priceSheetRoutes(find: Lookups, state: ServiceState): Route[] {
  const { tenant } = find;
  const { operations, reports, storage } = state;

  const askedOf = ([accountName = '', profileName = '', invoiceName]: readonly string[]): Asked => {
    const account = find.account(accountName);
    const profile = find.profile(account, profileName);
    const parent = profileId(account, profile);
    if (invoiceName === undefined) {
      return { profile, month: tenant.ledger.openMonth, parent, isInvoice: false, hasPrices: true };
    }
    const { month, isMonthly } = find.invoiceOfProfile(account, profileName, invoiceName);
    return { profile, month, parent, isInvoice: true, hasPrices: isMonthly };
  };

  const fileOf = (id: string, { profile, month }: Asked, version: PriceSheetVersion) => {
    return { id, profile, month, prices: priceSheet(tenant, profile, month, version) };
  };

  const first = (request: SampleRequest, names: readonly string[]): Answer => {
    versionOf(request, FIRST, 'billingAccounts/billingProfiles/pricesheet');
    checkFormat(request);
    const asked = askedOf(names);
    return begin(operations, request, {
      result: (id) => `${asked.parent}/pricesheetDownloadOperations/${id}`,
      query: SESSION,
      finish: async (id) => {
        if (!asked.hasPrices) return NO_CONTENT;
        const file = fileOf(id, asked, '2023-05-01');
        const { url, expiry } = await preparePriceSheetCsv(storage, file, reports.settings.validSeconds);
        return json({ url, expiryTime: momentText(expiry) });
      },
    });
  };

  const later = (request: SampleRequest, names: readonly string[]): Answer => {
    const version = versionOf(request, LATER, 'pricesheets');
    const asked = askedOf(names);
    return begin(operations, request, {
      result: (id) => `${asked.parent}/providers/Microsoft.CostManagement/operationResults/${id}`,
      query: `${SESSION}&OperationType=PriceSheet`,
      finish: async (id) => {
        if (!asked.hasPrices || asked.month < EARLIEST_MONTH) return NO_CONTENT;
        const file = fileOf(id, asked, version === '2025-03-01' ? 'withOrderName' : 'withoutMeterId');
        const { priceSheetPartBytes, validSeconds } = reports.settings;
        const { url, expiry } = await preparePriceSheetZip(storage, file, priceSheetPartBytes, validSeconds);
        const expiryTime = momentText(expiry);
        return json({ downloadUrl: url, expiryTime, ...(asked.isInvoice ? { validTill: expiryTime } : {}) });
      },
    });
  };

  return [
    post('priceSheets.download', `${PATHS.profile}/${FIRST_FORM}`, first),
    post('priceSheets.download', `${PATHS.profileInvoice}/${FIRST_FORM}`, first),
    post('priceSheets.download', `${PATHS.profile}/${LATER_FORM}`, later),
    post('priceSheets.download', `${PATHS.profileInvoice}/${LATER_FORM}`, later),
    get('operations.poll', '**/pricesheetdownloadoperations/*', (request) => operations.poll(request)),
  ];
}

/** The Location names its port even where it is the usual one, and the operation is named in a header too. */
function begin(operations: Operations, request: SampleRequest, plan: OperationPlan): Answer {
  const started = operations.begin(request, plan);
  const { location = '' } = started.headers;
  const { protocol, port, pathname } = new URL(location);
  const id = pathname.slice(pathname.lastIndexOf('/') + 1);
  const usual = protocol === 'https:' ? 443 : 80;
  const withPort = port === '' ? location.replace(/^(https?:\/\/[^/:]+)(?::\d+)?/, `$1:${usual}`) : location;
  return { ...started, headers: { ...started.headers, location: withPort, 'odata-entityid': id } };
}

function checkFormat({ parameters }: SampleRequest): void {
  const format = parameters.get('format') ?? 'csv';
  if (format.toLowerCase() === 'csv') return;
  throw badRequest(`The value '${format}' of format is not valid: price sheets are csv.`);
}
