import { exportCall } from '../api/graph/exportRules.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { PlainRequest } from '../api/http/requestText.ts';
import { getPartnerCustomer } from '../api/partnerCenter/customers.ts';
import { invoicePath } from '../api/partnerCenter/invoices.ts';
import { listLineItems } from '../api/partnerCenter/lineItems.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { getPartnerSubscription } from '../api/partnerCenter/subscriptions.ts';
import type { LineItemsSpec, PartnerDocumentSpec, RatedUsageSpec, UsageRecordsSpec } from '../choices/partnerSpecs.ts';
import type { Sink } from '../records/output.ts';
import {
  type LineItemClients,
  type LineItemsRequest,
  lineItemsCall,
  needsCurrency,
  ratedUsageLines,
} from '../usage/partner/lineItemCall.ts';
import { utilizationWalk } from '../usage/partner/utilizationPages.ts';
import { writeLineItems } from '../usage/partner/writeLineItems.ts';
import { type UsageRecordsSubject, usageRecordsSource, writeUsageRecords } from '../usage/partner/writeUsageRecords.ts';
import { writeUtilization } from '../usage/partner/writeUtilization.ts';
import type { BuildOptions } from '../usage/sharedBuild.ts';
import type { UsageReport } from '../usage/writeUsage.ts';
import type { ClientSource } from './documentBuild.ts';

/** Fetches a document of Partner Center; see {@link writeDocument}. */
export async function writePartnerDocument(
  spec: PartnerDocumentSpec,
  clients: ClientSource,
  sink: Sink,
  options: BuildOptions,
): Promise<UsageReport> {
  const { format } = spec;
  const client = await clients.partnerCenter(spec.connection);
  try {
    switch (spec.kind) {
      case 'usageRecords':
        return await writeUsageRecords(client, subjectOf(spec), format, sink, options);
      case 'utilization':
        return await writeUtilization(client, spec, format, sink, options);
      case 'ratedUsage':
      case 'lineItems': {
        const services = await lineClients(spec, client, clients);
        const report = await writeLineItems(services, linesRequest(spec), format, sink, options);
        if (report.rows === 0) {
          await confirmOwner(client, spec, options);
        }
        return report;
      }
    }
  } catch (error) {
    throw error instanceof BillingError ? namingField(error, spec) : error;
  }
}

/** The call behind a document, the first of several. Nothing is sent. */
export async function partnerRequestOf(spec: PartnerDocumentSpec, clients: ClientSource): Promise<PlainRequest> {
  const client = await clients.partnerCenter(spec.connection);
  switch (spec.kind) {
    case 'usageRecords':
      return plain(client, usageRecordsSource(client, subjectOf(spec)).walk.first);
    case 'utilization':
      // All of the window: how it is divided matters to nobody else.
      return plain(client, utilizationWalk(client, spec).first);
    case 'ratedUsage':
    case 'lineItems': {
      const request = linesRequest(spec);
      const call = lineItemsCall(await lineClients(spec, client, clients), request);
      if ('lines' in call && call.lines.currency === undefined && needsCurrency(request)) {
        return plain(client, { method: 'GET', address: invoicePath(call.lines.invoice) });
      }
      if ('lines' in call) {
        return plain(client, listLineItems(client, call.lines).first);
      }
      const { path, body } = exportCall(call.exported);
      return { method: 'POST', url: call.graph.http.absolute(path), body };
    }
  }
}

function plain(client: PartnerCenterClient, call: { method: string; address: string }): PlainRequest {
  return { method: call.method, url: client.http.absolute(call.address) };
}

function subjectOf({ of, customer = '', subscription = '' }: UsageRecordsSpec): UsageRecordsSubject {
  return of === 'customers' ? { of } : of === 'subscriptions' ? { of, customer } : { of, customer, subscription };
}

async function lineClients(
  { connection }: PartnerDocumentSpec,
  partnerCenter: PartnerCenterClient,
  clients: ClientSource,
): Promise<LineItemClients> {
  return { partnerCenter, graph: clients.hasGraph(connection) ? await clients.graph(connection) : undefined };
}

function linesRequest(spec: RatedUsageSpec | LineItemsSpec): LineItemsRequest {
  const { customer, subscription, fragment, invoice, period = 'current', currency } = spec;
  const { provider, type } = spec.kind === 'lineItems' ? spec : ratedUsageLines(invoice);
  const rest = { provider, type, customer, subscription, fragment };
  return invoice === undefined ? { ...rest, period, currency: currency ?? '' } : { ...rest, invoice, currency };
}

/** Lines are those of all customers, of which rows are kept: with an id that nobody has there are none, which must not pass for no usage. */
async function confirmOwner(
  client: PartnerCenterClient,
  { customer, subscription }: PartnerDocumentSpec,
  options: SendOptions,
): Promise<void> {
  if (customer === undefined) {
    return;
  }
  try {
    await (subscription === undefined
      ? getPartnerCustomer(client, customer, options)
      : getPartnerSubscription(client, customer, subscription, options));
  } catch (error) {
    options.signal?.throwIfAborted();
    // Who may not read customers may have no rows as well.
    const field = error instanceof BillingError ? FIELDS.get(error.code ?? '') : undefined;
    if (error instanceof BillingError && field !== undefined) {
      const advice = field === 'customerId' ? error.advice : 'Use the id of an Azure plan as Partner Center lists it.';
      throw new BillingError(error.kind, error.message, { ...error, advice, cause: error });
    }
  }
}

/** Codes of the service that are about one of the ids that were given (public article "Partner Center REST error codes"). */
const FIELDS: ReadonlyMap<string, 'customerId' | 'subscriptionId'> = new Map([
  ['20002', 'customerId'],
  ['60003', 'customerId'],
  ['900118', 'customerId'],
  ['20003', 'subscriptionId'],
  ['800011', 'subscriptionId'],
  ['800021', 'subscriptionId'],
]);

/** A refusal that is about an id names it as commands do, so that the caller knows which one to correct. */
function namingField(error: BillingError, { customer, subscription }: PartnerDocumentSpec): BillingError {
  const field = FIELDS.get(error.code ?? '');
  const given = field === 'customerId' ? customer : subscription;
  return error.kind !== 'refused' || field === undefined || given === undefined
    ? error
    : new BillingError(error.kind, `${field}: '${given}' is refused. ${error.message}`, { ...error, cause: error });
}
