import type { ArmClient } from '../api/arm/armClient.ts';
import { type BillingAccount, listBillingAccounts } from '../api/arm/billingAccounts.ts';
import { listBillingPermissions } from '../api/arm/billingPermissions.ts';
import { probeExports } from '../api/graph/probeExports.ts';
import { BillingError } from '../api/http/errors.ts';
import { unavailable } from '../api/partnerCenter/availability.ts';
import { listPartnerCustomers } from '../api/partnerCenter/customers.ts';
import type { ConnectionReport, Endpoints, SeenAccount, ServiceAccess } from '../contributions.ts';
import type { Clients } from './clients.ts';

/** Accounts whose permissions are asked for; each costs a request. */
const MOST_ACCOUNTS = 5;

const PARTNER_AGREEMENT = 'MicrosoftPartnerAgreement';

/**
 * What a sign-in can see, asked with one request for each service and one for each of the first billing accounts. What a service
 * refuses is part of the answer.
 *
 * @throws only the signal's reason when it is aborted
 */
export async function testConnection(
  connection: string,
  clients: Pick<Clients, 'arm' | 'partnerCenter' | 'graph' | 'signIn'>,
  has: Partial<Record<keyof Endpoints, unknown>>,
  { signal, now }: { signal: AbortSignal; now: Date },
): Promise<ConnectionReport> {
  const [billing, partnerCenter, graph] = await Promise.all([
    billingAccess(clients.arm, signal),
    has.partnerCenter === undefined ? absent('partnerCenter') : partnerCenterAccess(clients, signal),
    has.graph === undefined ? absent('graph') : graphAccess(clients, signal),
  ]);
  const services = [billing.access, partnerCenter, graph];
  return {
    connection,
    at: now.toISOString(),
    signedIn: clients.signIn === undefined || !billing.notSignedIn,
    actor: clients.signIn?.actor ?? 'nobody',
    accounts: billing.accounts,
    moreAccounts: billing.more,
    services,
  };
}

interface BillingAccess {
  access: ServiceAccess;
  accounts: SeenAccount[];
  more: boolean;
  notSignedIn: boolean;
}

async function billingAccess(arm: ArmClient, signal: AbortSignal): Promise<BillingAccess> {
  const service = 'resourceManager';
  try {
    const walk = listBillingAccounts(arm);
    const found = (await walk.nextPage({ signal }))?.value ?? [];
    const accounts = await Promise.all(
      found.map((account, index) => seen(arm, account, index < MOST_ACCOUNTS, signal)),
    );
    const partner = accounts.filter(({ agreement }) => agreement === PARTNER_AGREEMENT);
    const count = `${found.length}${walk.more ? ' or more' : ''} billing account${found.length === 1 && !walk.more ? '' : 's'}`;
    const access: ServiceAccess =
      partner.length > 0
        ? {
            service,
            access: 'full',
            summary: `Sees ${count}, ${partner.length} under a partner agreement.`,
            advice: [],
          }
        : found.length > 0
          ? {
              service,
              access: 'limited',
              summary: `Sees ${count}, none under a partner agreement.`,
              advice: [
                'Customers and their costs are listed below a partner agreement: sign in to the partner tenant with the Admin agent or Billing admin role.',
              ],
            }
          : {
              service,
              access: 'none',
              summary: 'Sees no billing account.',
              advice: [
                'Ask a global administrator of the partner tenant for the Admin agent or Billing admin role.',
                'Check the tenant of the connection: billing accounts belong to one.',
              ],
            };
    return { access, accounts, more: walk.more, notSignedIn: false };
  } catch (error) {
    const notSignedIn = error instanceof BillingError && error.kind === 'signIn';
    return { access: refused(service, error, signal), accounts: [], more: false, notSignedIn };
  }
}

async function seen(
  arm: ArmClient,
  { name, properties }: BillingAccount,
  ask: boolean,
  signal: AbortSignal,
): Promise<SeenAccount> {
  const account: SeenAccount = {
    name,
    displayName: properties.displayName || name,
    ...(properties.agreementType ? { agreement: properties.agreementType } : {}),
  };
  if (!ask) {
    return account;
  }
  try {
    const page = await listBillingPermissions(arm, { account: name }).nextPage({ signal });
    return { ...account, permissions: page?.value.flatMap(({ actions }) => actions ?? []).length ?? 0 };
  } catch (error) {
    signal.throwIfAborted();
    return { ...account, problem: sentence(error) };
  }
}

async function partnerCenterAccess(
  clients: Pick<Clients, 'partnerCenter'>,
  signal: AbortSignal,
): Promise<ServiceAccess> {
  const service = 'partnerCenter';
  try {
    const client = await clients.partnerCenter();
    const page = await listPartnerCustomers(client, { size: 1 }).nextPage({ signal });
    const limit = unavailable('usageOfCustomers', client.cloud, client.signIn);
    return {
      service,
      access: limit === undefined ? 'full' : 'limited',
      summary: page?.value.length ? 'Lists the customers of the partner.' : 'Signed in; the partner has no customers.',
      advice: limit === undefined ? [] : [limit],
    };
  } catch (error) {
    return refused(service, error, signal);
  }
}

async function graphAccess(clients: Pick<Clients, 'graph'>, signal: AbortSignal): Promise<ServiceAccess> {
  const service = 'graph';
  try {
    await probeExports(await clients.graph(), { signal });
    return { service, access: 'full', summary: 'May use the billing exports.', advice: [] };
  } catch (error) {
    return refused(service, error, signal);
  }
}

function absent(service: ServiceAccess['service']): ServiceAccess {
  return { service, access: 'absent', summary: 'The connection has none.', advice: [] };
}

function refused(service: ServiceAccess['service'], error: unknown, signal: AbortSignal): ServiceAccess {
  signal.throwIfAborted();
  const advice = error instanceof BillingError && error.advice !== undefined ? [error.advice] : [];
  return { service, access: 'none', summary: sentence(error), advice };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
