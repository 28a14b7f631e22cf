import { missing } from './deniedCauses.ts';
import { type AccessFacts, known } from './facts.ts';
import type { Finding } from './finding.ts';
import { classicOffer } from './refusalCauses.ts';
import { billingRole, ROLES, roleGiver } from './roles.ts';
import type { Listed, Place } from './subject.ts';

/** Why an answer lists nothing. The service never tells, so all but a check of rights is concluded. */
export function explainEmpty(place: Place, listed: Listed, facts: AccessFacts): Finding {
  if (listed === 'billing accounts') {
    return {
      ...missing(
        ROLES.partner,
        'concluded',
        'The sign-in has no role at any billing account of this tenant.',
        roleGiver(undefined),
      ),
      otherwise: ['The billing account belongs to another tenant; then a connection to that tenant is needed.'],
    };
  }
  const agreement = known(facts.agreement);
  if (known(facts.mayRead) === false) {
    const sentence = `The sign-in has no billing role here, so the service lists no ${listed === 'other' ? 'entries' : listed}.`;
    return missing(billingRole(agreement), 'told', sentence, roleGiver(agreement));
  }
  if (place.kind === 'subscription') {
    return emptySubscription(facts);
  }
  if (place.kind === 'managementGroup') {
    return {
      cause: 'managementGroup',
      certainty: 'concluded',
      sentence: 'Costs of a management group leave out subscriptions under a partner or customer agreement.',
      steps: ['Read the costs at the billing account, the customer or each subscription instead.'],
    };
  }
  return emptyBilling(listed, agreement);
}

function emptySubscription(facts: AccessFacts): Finding {
  const billed = known(facts.billedAt);
  if (known(facts.costPolicy) === 'NotAllowed') {
    return {
      cause: 'costPolicyOff',
      certainty: 'concluded',
      sentence:
        "The partner's cost policy for this customer is off, so people in the customer's tenant see no charges.",
      steps: ['Ask the partner to turn the cost policy of the customer on; costs then show at retail rates.'],
      otherwise: ['The subscription may have no usage in the period.'],
    };
  }
  if (billed?.plan !== undefined && partnerSold(billed.agreement) && !/azure plan/i.test(billed.plan)) {
    return classicOffer('concluded');
  }
  if (/^(deleted|expired)$/i.test(billed?.status ?? '')) {
    return {
      cause: 'nothingThere',
      certainty: 'concluded',
      sentence: 'The subscription was deleted, and has no usage since.',
      steps: ['Choose a period before it was deleted.'],
    };
  }
  return {
    cause: 'noDataYet',
    certainty: 'concluded',
    sentence:
      'There is no usage in the period so far: it arrives 8 to 24 hours late, for a new subscription up to 48 hours.',
    steps: ['Wait a day and try again, or choose an earlier period.'],
    otherwise: [
      'The subscription uses nothing that costs.',
      'It came from another billing account lately; what was used before stays there.',
    ],
  };
}

function partnerSold(agreement: string | undefined): boolean {
  return agreement === undefined || agreement === 'MicrosoftPartnerAgreement';
}

function emptyBilling(listed: Listed, agreement: string | undefined): Finding {
  switch (listed) {
    case 'customers':
      return agreement !== undefined && agreement !== 'MicrosoftPartnerAgreement'
        ? {
            cause: 'offerUnsupported',
            certainty: 'concluded',
            sentence: 'Only billing accounts under a Microsoft Partner Agreement have customers.',
            steps: ['Look at the subscriptions of this billing account instead.'],
          }
        : nothing('No customer of this billing account has accepted the customer agreement yet.', [
            'Customers show after they accept the Microsoft Customer Agreement and buy an Azure plan.',
          ]);
    case 'subscriptions':
      return nothing('Nothing was bought here, or what was bought was moved to another partner.', [
        'A subscription that was bought today shows after some hours.',
      ]);
    case 'invoices':
      return nothing('No invoice was issued in this period.', [
        'Invoices of a month come in the first days of the next one; choose another year.',
      ]);
    default:
      return {
        cause: 'noDataYet',
        certainty: 'concluded',
        sentence: 'There is nothing here in the period so far; usage arrives 8 to 24 hours late.',
        steps: ['Wait a day and try again, or choose an earlier period.'],
      };
  }
}

function nothing(sentence: string, steps: string[]): Finding {
  return { cause: 'nothingThere', certainty: 'concluded', sentence, steps };
}
