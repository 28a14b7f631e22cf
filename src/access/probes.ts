import type { ArmClient } from '../api/arm/armClient.ts';
import { getBillingAccount } from '../api/arm/billingAccounts.ts';
import { checkAccess } from '../api/arm/billingPermissions.ts';
import { getBillingProperty } from '../api/arm/billingSubscriptions.ts';
import { getCostPolicy, getSubscriptionPolicy, viewChargesOf } from '../api/arm/costPolicy.ts';
import { sinceNewest } from '../api/arm/sinceNewest.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { AccessFacts, BilledAt, Finding } from './facts.ts';
import type { Place } from './subject.ts';

/** The action that every billing role has at its account (REST reference: Billing Permissions - Check Access). */
const READ = 'Microsoft.Billing/billingAccounts/read';

/** What makes a difference at a place, asked with at most this many requests. */
export const MOST_PROBES = 3;

/**
 * Asks the service what decides between causes. A probe that fails, would have to wait or be repeated leaves its fact unknown.
 *
 * @param most requests that may be sent, up to {@link MOST_PROBES}
 * @throws only the signal's reason when it is aborted
 */
export async function gatherFacts(
  arm: ArmClient,
  place: Place,
  signal: AbortSignal,
  most = MOST_PROBES,
): Promise<AccessFacts> {
  const probe = new Probe(signal, Math.min(most, MOST_PROBES));
  switch (place.kind) {
    case 'billing': {
      const { account } = place;
      const [mayRead, agreement] = await Promise.all([
        probe.ask(async (options) => {
          const [decision] = await checkAccess(arm, { account }, [READ], options);
          return decision?.accessDecision === 'Allowed';
        }),
        probe.ask(async (options) => {
          const { properties } = await getBillingAccount(arm, account, options);
          return told(properties.agreementType);
        }),
      ]);
      return { mayRead, agreement };
    }
    case 'subscription': {
      const [costPolicy, billedAt] = await Promise.all([
        probe.ask(async (options) =>
          told(viewChargesOf(await getSubscriptionPolicy(arm, place.subscription, options))),
        ),
        probe.ask((options) => billedAtOf(arm, place.subscription, options)),
      ]);
      return { costPolicy: await secondLook(arm, probe, costPolicy, billedAt), billedAt };
    }
    default:
      return {};
  }
}

/** The policy of the customer, where the subscription does not tell it and its customer is known. */
async function secondLook(
  arm: ArmClient,
  probe: Probe,
  costPolicy: Finding<string>,
  billedAt: Finding<BilledAt | undefined>,
): Promise<Finding<string>> {
  const { account, customer } = ('found' in billedAt ? billedAt.found : undefined) ?? {};
  if ('found' in costPolicy || account === undefined || customer === undefined) {
    return costPolicy;
  }
  const again = await probe.ask(async (options) =>
    told(viewChargesOf(await getCostPolicy({ ...arm, versions: 'seed' }, { account, customer }, options))),
  );
  return 'found' in again ? again : costPolicy;
}

/** A member that the service may leave out. */
function told(value: string | null | undefined): string {
  if (value === undefined || value === null || value === '') {
    throw new BillingError('malformed', 'the service does not tell it.');
  }
  return value;
}

async function billedAtOf(arm: ArmClient, subscription: string, options: SendOptions): Promise<BilledAt | undefined> {
  try {
    const { properties } = await getBillingProperty(sinceNewest(arm), subscription, options);
    const text = (name: string) => {
      const value = properties[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const fields = {
      agreement: text('billingAccountAgreementType'),
      account: nameBehind('billingAccounts', properties.billingAccountId),
      customer: nameBehind('customers', properties.customerId),
      plan: text('skuDescription'),
      status: text('subscriptionBillingStatus'),
    };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  } catch (error) {
    if (error instanceof BillingError && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}

/** The name that follows a collection in an id. */
function nameBehind(collection: string, id: string | null | undefined): string | undefined {
  return new RegExp(`/${collection}/([^/]+)`, 'i').exec(id ?? '')?.[1];
}

/** Sends calls once: who waits for a limit or would have to try again is not worth the wait. */
class Probe {
  readonly #signal: AbortSignal;
  #left: number;

  constructor(signal: AbortSignal, most: number) {
    this.#signal = signal;
    this.#left = most;
  }

  async ask<T>(call: (options: SendOptions) => Promise<T>): Promise<Finding<T>> {
    this.#signal.throwIfAborted();
    if (this.#left <= 0) {
      return { unknown: 'it would have been one request too many.' };
    }
    this.#left--;
    const enough = new AbortController();
    let reason: string | undefined;
    const signal = AbortSignal.any([this.#signal, enough.signal]);
    const onWait = ({ reason: why }: { reason: string }) => {
      reason = why === 'limit' ? "Azure's limit is used up." : 'the service has a problem.';
      enough.abort();
    };
    try {
      return { found: await call({ signal, onWait }) };
    } catch (error) {
      this.#signal.throwIfAborted();
      return { unknown: reason ?? shortReason(error) };
    }
  }
}

function shortReason(error: unknown): string {
  if (error instanceof BillingError) {
    return error.status === undefined ? error.message : `HTTP ${error.status}${codeNote(error)}.`;
  }
  return error instanceof Error ? error.message : String(error);
}

function codeNote({ code, status }: BillingError): string {
  return code === undefined || code === String(status) ? '' : ` ${code}`;
}
