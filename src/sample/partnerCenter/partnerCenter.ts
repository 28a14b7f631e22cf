import { randomUUID } from 'node:crypto';
import type { Answer, SampleRequest } from '../answers.ts';
import { isoDay } from '../calendar.ts';
import type { Tenant } from '../tenant.ts';
import { isMfaCompliant, refusalOf } from './access.ts';
import type { PartnerCall } from './call.ts';
import type { PartnerCustomer } from './customers.ts';
import { PartnerRefusal } from './errors.ts';
import { FirstResults } from './firstResults.ts';
import { PartnerThrottle, type PartnerThrottleCounts } from './partnerThrottle.ts';
import { type Parts, partsOf } from './parts.ts';
import { customerRoutes } from './routes/customers.ts';
import { invoiceRoutes } from './routes/invoices.ts';
import { lineItemRoutes } from './routes/lineItems.ts';
import { rateCardRoutes } from './routes/rateCards.ts';
import { serviceCostRoutes } from './routes/serviceCosts.ts';
import { subscriptionRoutes } from './routes/subscriptions.ts';
import { usageBudgetRoutes } from './routes/usageBudget.ts';
import { usageRecordRoutes } from './routes/usageRecords.ts';
import { utilizationRoutes } from './routes/utilizations.ts';
import { type PartnerRoute, PartnerRouteTable } from './routeTable.ts';
import { type PartnerCenterSettings, PartnerSettings, type Settings } from './settings.ts';
import { PARTNER_STORIES } from './stories.ts';
import type { UtilizationTruth } from './utilization.ts';
import type { Granularity } from './utilizationWindow.ts';

/** Ids of the stories, for tests and documents. Those that need an ARM customer are absent in a tenant too small for them. */
interface PartnerStoryIds {
  /** The first customer with usage under an Azure plan. */
  readonly azurePlan: { readonly customer: string; readonly planId: string };
  /** A customer with Azure subscriptions and no usage. */
  readonly noUsage: string;
  readonly legacy: SubscriptionIds | undefined;
  readonly mixed: SubscriptionIds | undefined;
  readonly transferred: SubscriptionIds;
  readonly yen: SubscriptionIds;
  readonly licencesOnly: string;
  /** A customer of another partner. */
  readonly foreign: string;
}

interface SubscriptionIds {
  readonly customer: string;
  /** Of the customer's first 145P subscription. */
  readonly commerceId: string;
  readonly entitlementId: string;
  /** Days with use (UTC), inclusive: YYYY-MM-DD. */
  readonly firstUse: string;
  readonly lastUse: string;
}

/** A window for `utilizationTruth`: full hours (UTC), whole days when daily. */
interface TruthWindow {
  readonly start: Date;
  /** Exclusive. */
  readonly end: Date;
  readonly granularity: Granularity;
  readonly showDetails: boolean;
}

interface Caller {
  readonly role: string;
}

const MS_PER_HOUR = 3_600_000;

/** The Partner Center half of the service: everything below `/v1`. */
export class PartnerCenter {
  readonly #settings: PartnerSettings;
  readonly #parts: Parts;
  readonly #routes: PartnerRouteTable;
  readonly #throttle: PartnerThrottle;
  readonly #firstResults = new FirstResults();

  /** Throws a RangeError naming a setting that is not possible. `clock`: milliseconds, for the throttle. */
  constructor(
    tenant: Tenant,
    options: { settings?: PartnerCenterSettings | undefined; throttle: Settings['throttle']; clock: () => number },
  ) {
    this.#settings = new PartnerSettings(options.settings ?? {}, options.throttle);
    this.#parts = partsOf(tenant, this.#settings);
    this.#throttle = new PartnerThrottle(() => this.#settings.now, options.clock);
    this.#routes = new PartnerRouteTable([
      // Records of all customers and subscriptions stand where an id would.
      ...usageRecordRoutes(this.#parts),
      ...usageBudgetRoutes(this.#parts),
      ...utilizationRoutes(this.#parts),
      ...serviceCostRoutes(this.#parts),
      ...lineItemRoutes(this.#parts),
      ...invoiceRoutes(this.#parts),
      ...rateCardRoutes(this.#parts),
      ...subscriptionRoutes(this.#parts),
      ...customerRoutes(this.#parts),
    ]);
  }

  serves(path: string): boolean {
    return /^\/+v1(\/|$)/i.test(path);
  }

  /** The route of a request, and what answers it. `header` reads one of its headers, name in lower case. */
  find(
    request: SampleRequest,
    header: PartnerCall['header'],
    caller: Caller,
  ): { readonly route: string; readonly answer: () => Promise<Answer> } {
    const call: PartnerCall = { ...request, parameters: parametersOf(request), header };
    const { name, route, answer } = this.#routes.find(call);
    return {
      route: name,
      answer: async () => {
        const refusal = route && this.#refusal(call, route, caller);
        if (refusal) return refusal;
        return this.#firstResults.of(call, async () => this.#withMark(route, await answered(answer)));
      },
    };
  }

  /** What stands on every answer: the ids of the request, or new ones; whether the sign-in has MFA where that is asked. */
  headers(request: SampleRequest, header: PartnerCall['header']): Readonly<Record<string, string>> {
    const correlation = randomUUID();
    const validates = header('validatemfa')?.toLowerCase() === 'true';
    return {
      'MS-RequestId': header('ms-requestid') ?? randomUUID(),
      'MS-CorrelationId': header('ms-correlationid') ?? correlation,
      'MS-CV': `${correlation.slice(0, 8)}${correlation.slice(9, 13)}.0`,
      'MS-ServerId': '202010406',
      'X-Locale': header('x-locale')?.replaceAll('"', '') || 'en-US',
      ...(validates ? { isMfaCompliant: String(isMfaCompliant({ ...request, header }, this.#settings.now)) } : {}),
    };
  }

  /** The switches in force, what the throttle did, and the ids of the stories. */
  told(): { readonly settings: Settings; readonly throttle: PartnerThrottleCounts; readonly stories: PartnerStoryIds } {
    return { settings: this.#settings.now, throttle: this.#throttle.counts(), stories: this.stories };
  }

  /** Changes switches. Throws a RangeError naming one that is not known or not possible. */
  set(settings: Readonly<Record<string, unknown>>): void {
    this.#settings.set(settings);
  }

  /** Moves the throttle's time on. */
  advance(milliseconds: number): void {
    this.#throttle.advance(milliseconds);
  }

  reset(): void {
    this.#settings.reset();
    this.#parts.budgets.reset();
    this.#throttle.reset();
    this.#firstResults.reset();
  }

  get stories(): PartnerStoryIds {
    const { customers, subscriptions } = this.#parts;
    const { transferred, yen, licencesOnly } = PARTNER_STORIES;
    const first = (customer: PartnerCustomer): SubscriptionIds => {
      const [subscription] = subscriptions.legacyOf(customer);
      if (!subscription) throw new RangeError(`${customer.displayName} has no 145P subscription`);
      const { id, entitlementId, firstUse, lastUse } = subscription;
      return {
        customer: customer.id,
        commerceId: id,
        entitlementId,
        firstUse: isoDay(firstUse),
        lastUse: isoDay(Math.min(lastUse, this.#parts.tenant.ledger.window.to)),
      };
    };
    const [legacy, mixed] = [PARTNER_STORIES.legacy, PARTNER_STORIES.mixed].map(({ customer: index }) => {
      const customer = index < customers.length ? customers.at(index) : undefined;
      return customer && subscriptions.legacyOf(customer).length > 0 ? first(customer) : undefined;
    });
    const planned = customers.at(0);
    return {
      azurePlan: { customer: planned.id, planId: subscriptions.plan(planned)?.id ?? '' },
      noUsage: customers.at(PARTNER_STORIES.noUsage.customer).id,
      legacy,
      mixed,
      transferred: first(customers.own(transferred.own)),
      yen: first(customers.own(yen.own)),
      licencesOnly: customers.own(licencesOnly.own).id,
      foreign: customers.foreignId,
    };
  }

  /**
   * Rows and quantities of a 145P subscription (by either id) in a window, added up apart from the pages. Throws a RangeError for an
   * unknown subscription.
   */
  utilizationTruth(subscriptionId: string, window: TruthWindow): UtilizationTruth {
    const id = subscriptionId.toLowerCase();
    const found = this.#parts.subscriptions
      .allLegacy()
      .find((s) => s.id.toLowerCase() === id || s.entitlementId.toLowerCase() === id);
    if (!found) throw new RangeError(`${subscriptionId} is not a 145P subscription`);
    return this.#parts.utilization.truth(found, {
      startHour: Math.floor(window.start.getTime() / MS_PER_HOUR),
      endHour: Math.floor(window.end.getTime() / MS_PER_HOUR),
      granularity: window.granularity,
      showDetails: window.showDetails,
    });
  }

  #refusal(call: PartnerCall, route: PartnerRoute, { role }: Caller): Answer | undefined {
    const segments = call.path.split('/').filter(Boolean);
    const customer = segments[1]?.toLowerCase() === 'customers' ? segments[2] : undefined;
    // The gateway stands before the service.
    return (
      (route.limited ? this.#throttle.refusalOf(customer) : undefined) ??
      refusalOf(call, route, this.#settings.now, role)
    );
  }

  #withMark(route: PartnerRoute | undefined, answer: Answer): Answer {
    const marked = route?.bom && this.#settings.now.bom && answer.status === 200 && answer.body !== undefined;
    return marked ? { ...answer, body: `\uFEFF${answer.body}` } : answer;
  }
}

/** A second question mark, as in published links, begins another parameter. */
function parametersOf({ parameters, query }: SampleRequest): SampleRequest['parameters'] {
  if (!query.includes('?')) return parameters;
  const pairs = new URLSearchParams(query.replaceAll('?', '&'));
  return new Map([...pairs].map(([name, value]) => [name.toLowerCase(), value]));
}

async function answered(answer: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof PartnerRefusal) return error.answer;
    throw error;
  }
}
