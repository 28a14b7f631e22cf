import { type Answer, badRequest, json, notFound, type SampleRequest } from '../answers.ts';
import { member } from '../bodyMembers.ts';
import type { BillingAccount } from '../directory.ts';
import { documentName, downloadToken, prepareDocument } from '../invoiceDocuments.ts';
import type { Invoice } from '../invoices.ts';
import { jsonBody } from '../jsonBody.ts';
import type { Operations } from '../operations.ts';
import { accountId, profileId } from '../projections/common.ts';
import { BILLING_VERSIONS, type BillingVersion, versionOf } from '../versions.ts';
import { type Lookups, PATHS } from './lookups.ts';
import { post, type Route } from './table.ts';

const FIRST = ['2019-10-01-preview'] as const;
const LATER = ['2020-05-01', '2024-04-01'] as const;
const SUBSCRIPTION = `${PATHS.account}/billingsubscriptions/*`;
const KIND = 'invoiceDownload';

/**
 * Invoice documents (REST reference: Invoices - Download): 202 with Location, then where the document is. The first two
 * versions take the token of a document's address, 2024-04-01 the document's name or none; several documents make one
 * zip.
 */
export function invoiceDocumentRoutes(find: Lookups, operations: Operations): Route[] {
  const prepare = (
    request: SampleRequest,
    version: BillingVersion,
    parent: string,
    invoices: Invoice | readonly Invoice[],
  ): Answer =>
    operations.start(request, parent, KIND, () => {
      const { url, expiryTime } = prepareDocument(request.origin, invoices);
      return json(version === '2019-10-01-preview' ? { url } : { expiryTime, url });
    });

  const one = (request: SampleRequest, version: BillingVersion, account: BillingAccount, invoice: Invoice): Answer => {
    checkDocument(request, version, invoice);
    const own = version === '2019-10-01-preview' ? profileId(account, invoice.profile) : accountId(account);
    const parent = version === '2024-04-01' ? accountId(account) : `${own}/invoices/${invoice.name}`;
    return prepare(request, version, parent, invoice);
  };

  /** Invoices of a list, of which `belongs` says whether they may be asked for here. */
  const several = (
    request: SampleRequest,
    version: BillingVersion,
    parent: string,
    belongs: (invoice: Invoice) => boolean,
  ): Answer => {
    const body = jsonBody(request);
    if (!Array.isArray(body) || body.length === 0) {
      throw badRequest('The body must be a list with at least one document.');
    }
    const invoices = body.map((item: unknown) => {
      const asked = version === '2024-04-01' ? askedByName(item) : askedByUrl(item);
      const invoice = find.invoice(asked.invoice);
      if (!invoice || !belongs(invoice)) throw notFound('invoice', asked.invoice);
      const known = version === '2024-04-01' ? documentName(invoice) : downloadToken(invoice);
      if (asked.document !== known) throw notFound('document', asked.document);
      return invoice;
    });
    return prepare(request, version, parent, invoices);
  };

  return [
    post('invoices.download', `${PATHS.invoice}/download`, (request, [name = '', invoiceName = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/invoices/download');
      const { account, invoice } = find.invoiceOfAccount(name, invoiceName);
      return one(request, version, account, invoice);
    }),
    post(
      'invoices.download',
      `${PATHS.profileInvoice}/download`,
      (request, [name = '', profile = '', invoice = '']) => {
        const version = versionOf(request, FIRST, 'billingAccounts/billingProfiles/invoices/download');
        const account = find.account(name);
        return one(request, version, account, find.invoiceOfProfile(account, profile, invoice));
      },
    ),
    post(
      'invoices.download',
      `${SUBSCRIPTION}/invoices/*/download`,
      (request, [name = '', subscriptionName = '', invoice = '']) => {
        const version = versionOf(request, LATER, 'billingAccounts/billingSubscriptions/invoices/download');
        const { account, profile } = find.subscription(name, subscriptionName).customer;
        return one(request, version, account, find.invoiceOfProfile(account, profile.name, invoice));
      },
    ),
    post(
      'invoices.downloadDocuments',
      `${PATHS.profile}/downloaddocuments`,
      (request, [name = '', profileName = '']) => {
        const version = versionOf(request, FIRST, 'billingAccounts/billingProfiles/downloadDocuments');
        const account = find.account(name);
        const profile = find.profile(account, profileName);
        return several(request, version, profileId(account, profile), (invoice) => invoice.profile === profile);
      },
    ),
    post('invoices.downloadDocuments', `${PATHS.account}/downloaddocuments`, (request, [name = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/downloadDocuments');
      if (version === '2019-10-01-preview') throw enrolmentsOnly('downloadDocuments of a billing account');
      const account = find.account(name);
      return several(request, version, accountId(account), ({ profile }) => profile.account === account.index);
    }),
    post(
      'invoices.downloadDocuments',
      `${SUBSCRIPTION}/downloaddocuments`,
      (request, [name = '', subscriptionName = '']) => {
        const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingSubscriptions/downloadDocuments');
        const { account, profile } = find.subscription(name, subscriptionName).customer;
        return several(request, version, accountId(account), (invoice) => invoice.profile === profile);
      },
    ),
    ...['downloadsummary', 'transactionsdownload'].map((action) =>
      post(`invoices.${action}`, `${PATHS.invoice}/${action}`, (request, [name = '', invoiceName = '']) => {
        versionOf(request, ['2024-04-01'], `billingAccounts/invoices/${action}`);
        find.invoiceOfAccount(name, invoiceName);
        throw enrolmentsOnly(action);
      }),
    ),
  ];
}

function enrolmentsOnly(what: string) {
  return badRequest(`The operation ${what} is supported for Enterprise Agreement enrolments only.`);
}

function checkDocument(request: SampleRequest, version: BillingVersion, invoice: Invoice): void {
  if (version === '2024-04-01') {
    const asked = request.parameters.get('documentname');
    if (asked && asked.toUpperCase() !== documentName(invoice)) throw notFound('document', asked);
    return;
  }
  const token = request.parameters.get('downloadtoken');
  if (!token) throw badRequest('The query parameter downloadToken is required.');
  if (token !== downloadToken(invoice)) {
    throw badRequest(`The value '${token}' of downloadToken is not valid for the invoice '${invoice.name}'.`);
  }
}

interface Asked {
  readonly invoice: string;
  readonly document: string;
}

function askedByName(item: unknown): Asked {
  const invoice = member(item, 'invoiceName');
  const document = member(item, 'documentName');
  if (typeof invoice !== 'string' || typeof document !== 'string') {
    throw badRequest('Each document must have the members invoiceName and documentName.');
  }
  return { invoice, document: document.toUpperCase() };
}

/** Reads the `url` of an invoice's document. */
function askedByUrl(item: unknown): Asked {
  const url = typeof item === 'string' && URL.canParse(item) ? new URL(item) : undefined;
  const invoice = /\/invoices\/([^/]+)\/download$/i.exec(url?.pathname ?? '')?.[1];
  const document = url?.searchParams.get('downloadToken');
  if (!invoice || !document) throw badRequest('Each item must be the url of a document of an invoice.');
  return { invoice, document };
}
