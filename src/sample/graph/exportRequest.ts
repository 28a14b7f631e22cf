import { currencyNamed } from '../partnerCenter/currencyLocale.ts';
import type { Tenant } from '../tenant.ts';
import { FRAGMENTS, type Fragment } from './attributes.ts';
import { GraphRefusal } from './errors.ts';
import type { ExportRows, ExportSource } from './exportRows.ts';
import { ReconciliationExportRows } from './reconciliationRows.ts';
import { UsageExportRows } from './usageRows.ts';

const KINDS = ['usage', 'reconciliation'] as const;
type Kind = (typeof KINDS)[number];
const PERIODS = ['current', 'last'] as const;

/** An export that was asked for; without rows where there is no data. */
export interface AskedExport {
  readonly kind: Kind;
  readonly billed: boolean;
  readonly fragment: Fragment;
  readonly source: ExportSource | undefined;
  readonly rows: ExportRows | undefined;
}

/**
 * Reads the body of `usage/billed/export` and the like. Throws a GraphRefusal for one that breaks the reference; an unknown or
 * legacy invoice and a currency without billing are no error here: such an export starts, and ends without data.
 */
export function readExportRequest(tenant: Tenant, kind: Kind, billed: boolean, body: string): AskedExport {
  const own = billed ? ['invoiceId'] : ['currencyCode', 'billingPeriod'];
  const members = membersOf(body, [...own, 'attributeSet']);
  for (const name of own) {
    if (typeof members[name] !== 'string' || members[name] === '')
      throw badRequest(`The parameter ${name} is required.`);
  }
  const fragment = wordOf(members, 'attributeSet', FRAGMENTS, 'full');
  const source = billed ? billedSource(tenant, String(members.invoiceId)) : unbilledSource(tenant, members);
  const rows =
    source &&
    (kind === 'usage' ? new UsageExportRows(tenant, source, fragment) : new ReconciliationExportRows(tenant, source));
  return { kind, billed, fragment, source, rows };
}

function billedSource(tenant: Tenant, id: string): ExportSource | undefined {
  const invoice = tenant.invoiceNamed(id) ?? tenant.purchases.invoiceNamed(id);
  return invoice && { profile: invoice.profile, month: invoice.month, invoice };
}

function unbilledSource(tenant: Tenant, members: Readonly<Record<string, unknown>>): ExportSource | undefined {
  const code = String(members.currencyCode);
  if (!/^[a-z]{3}$/i.test(code)) throw badRequest(`The currency code '${code}' is not valid.`);
  const period = wordOf(members, 'billingPeriod', PERIODS, undefined);
  const currency = currencyNamed(code);
  const profile = tenant.directory.profiles.find((p) => p.currency === currency);
  // Invoices are issued on the first day after their month: a last month without one does not exist.
  if (!profile || period === 'last') return undefined;
  return { profile, month: tenant.ledger.openMonth, invoice: undefined };
}

function membersOf(body: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw badRequest('Unable to read JSON request payload.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badRequest('The request payload must be a JSON object.');
  }
  const unknown = Object.keys(parsed).find((name) => !names.includes(name));
  if (unknown !== undefined) throw badRequest(`The parameter '${unknown}' is not one of the operation.`);
  return { ...parsed };
}

function wordOf<T extends string>(
  members: Readonly<Record<string, unknown>>,
  name: string,
  words: readonly T[],
  otherwise: T | undefined,
): T {
  const value = members[name] ?? otherwise;
  const word = words.find((known) => known === value);
  if (word === undefined) throw badRequest(`The value of ${name} must be one of ${words.join(', ')}.`);
  return word;
}

function badRequest(message: string): GraphRefusal {
  return new GraphRefusal(400, 'BadRequest', message);
}
