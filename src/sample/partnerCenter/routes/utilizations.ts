import type { Answer } from '../../answers.ts';
import { type PartnerCall, seeksNext } from '../call.ts';
import { subscriptionNotFound } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { PartnerRoute } from '../routeTable.ts';
import type { UtilizationCursor } from '../utilization.ts';
import { openUtilizationToken, sealUtilizationToken } from '../utilizationTokens.ts';
import { echoOf, windowOf } from '../utilizationWindow.ts';

/** Utilization of 145P subscriptions (Partner Center REST reference: get a customer's utilization records for Azure). */
export function utilizationRoutes(parts: Parts): PartnerRoute[] {
  const { tenant, settings, customers, subscriptions, utilization, wire } = parts;
  const { seed, now } = tenant.options;
  const notReady = (): Answer => ({
    status: 204,
    headers: { 'retry-after': String(settings.now.retryAfter) },
    body: undefined,
  });
  const page = (call: PartnerCall, [customerId = '', id = '']: readonly string[]): Answer => {
    const customer = customers.named(customerId);
    const subscription = subscriptions.legacyNamed(customer, id);
    if (!subscription) throw subscriptionNotFound(id);
    const owner = { customerId: customer.id, subscriptionId: id };
    const next = seeksNext(call, 'seek_operation');
    const { window, isReady, cursor } = next
      ? { ...openUtilizationToken(seed, owner, call), isReady: true }
      : { ...windowOf(call, now), cursor: undefined as UtilizationCursor | undefined };
    if (!isReady || settings.takeNotReady()) return notReady();
    const { rows, next: after } = utilization.page(subscription, window, cursor);
    const path = `customers/${customer.id}/subscriptions/${id}/utilizations/azure`;
    return wire.collection(rows, {
      self: { path: `${path}?${next ? call.query : echoOf(window)}` },
      next: after
        ? { path: `${path}?seek_operation=Next`, token: sealUtilizationToken(seed, owner, window, after) }
        : undefined,
      published: 'bare',
    });
  };
  return [
    {
      name: 'partnerCenter.utilizations',
      path: 'customers/*/subscriptions/*/utilizations/azure',
      signIn: 'any',
      area: 'spending',
      bom: true,
      methods: { GET: page },
    },
  ];
}
