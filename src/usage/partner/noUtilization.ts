import type { SendOptions } from '../../api/http/client.ts';
import { BillingError } from '../../api/http/errors.ts';
import type { PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';
import { sameId } from '../../api/partnerCenter/sameId.ts';
import { azureIds, isIdOf, subscriptionKind } from '../../api/partnerCenter/subscriptionKind.ts';
import { listPartnerSubscriptions, type PartnerSubscription } from '../../api/partnerCenter/subscriptions.ts';

/** There is no utilization, but rated usage that can be opened in its place. */
export class NoUtilization extends BillingError {
  /** The Azure plan whose rated usage it is; undefined when it is not known which. */
  readonly plan: string | undefined;

  constructor(why: string, plan: string | undefined, refusal: BillingError | undefined) {
    super('argument', `subscriptionId: ${why}`, {
      ...refusal,
      advice: 'Open its rated usage instead, unbilled or of an invoice.',
      cause: refusal,
    });
    this.plan = plan;
  }
}

/** What the service says of a subscription that it does not know here (public article "Partner Center REST error codes"). */
const UNKNOWN = '20003';

/** Why an Azure plan has none, in a sentence. */
export const PLAN_HAS_NONE = 'an Azure plan has no utilization records.';

/**
 * The reason behind a refusal of utilization, looked up among the customer's subscriptions: the service says the same of an Azure
 * plan, of a subscription in one, and of the wrong id of one that came from another partner.
 *
 * @returns the error to throw: that of the service where nothing more is known
 */
export async function explainNoUtilization(
  client: PartnerCenterClient,
  { customer, subscription }: { customer: string; subscription: string },
  refusal: BillingError,
  options: SendOptions,
): Promise<BillingError> {
  if (refusal.code !== UNKNOWN) {
    return refusal;
  }
  let all: PartnerSubscription[];
  try {
    all = [];
    for await (const { value } of listPartnerSubscriptions(client, customer).rest(options)) {
      all.push(...value);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    // The customer may be none of this partner; that is said by the list. A list that is broken today says nothing of the reason.
    return error instanceof BillingError && error.kind === 'refused' && !error.retryable ? error : refusal;
  }
  const named = all.find((each) => sameId(each.id, subscription) || isIdOf(subscription, azureIds(each)));
  return named === undefined
    ? unlisted(subscription, all, refusal)
    : (reasonOf(named, subscription, refusal) ?? refusal);
}

function reasonOf(named: PartnerSubscription, given: string, refusal: BillingError): BillingError | undefined {
  switch (subscriptionKind(named)) {
    case 'azurePlan':
      return new NoUtilization(PLAN_HAS_NONE, named.id, refusal);
    case 'other':
      return wrongId(
        'only Azure subscriptions of the offer MS-AZR-0145P have utilization records.',
        refusal,
        'Use the Commerce id of one, which Partner Center lists as Microsoft Azure; licences and software have no usage.',
      );
    case 'legacyAzure':
      return sameId(named.id, given)
        ? undefined
        : wrongId(
            `'${given}' is the id of the Azure subscription, which the service does not take for one that came from another partner.`,
            refusal,
            `Use its Commerce subscription id ${named.id}, the id that it has in Partner Center.`,
          );
  }
}

function unlisted(given: string, all: readonly PartnerSubscription[], refusal: BillingError): BillingError {
  const plans = all.filter((each) => subscriptionKind(each) === 'azurePlan');
  const problem = `'${given}' is not among the subscriptions that Partner Center lists for this customer`;
  return plans.length === 0
    ? wrongId(`${problem}.`, refusal, 'Use the id of a subscription as Partner Center lists it.')
    : new NoUtilization(
        `${problem}; as a subscription in an Azure plan it has no utilization records.`,
        plans.length === 1 ? plans[0]?.id : undefined,
        refusal,
      );
}

function wrongId(problem: string, refusal: BillingError, advice: string | undefined): BillingError {
  return new BillingError('argument', `subscriptionId: ${problem}`, { ...refusal, advice, cause: refusal });
}
