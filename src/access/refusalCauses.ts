import type { BillingError } from '../api/http/errors.ts';
import { deniedAtBilling, deniedAtSubscription } from './deniedCauses.ts';
import { type AccessFacts, known } from './facts.ts';
import type { Finding } from './finding.ts';
import type { Place } from './subject.ts';
import { rightTenant } from './tenants.ts';

/**
 * The cause of a refused call. Codes decide where the service names the cause by them, then the place, then what was found
 * (public article "Troubleshoot Cost Management errors").
 */
export function explainRefusal(error: BillingError, place: Place, facts: AccessFacts): Finding {
  const byKind = BY_KIND[error.kind];
  if (byKind !== undefined) {
    return byKind;
  }
  const code = error.code?.toLowerCase() ?? '';
  const byCode = BY_CODE.get(code)?.(error, place);
  if (byCode !== undefined) {
    return byCode;
  }
  // The number of the offer "Azure in CSP", as messages spell it.
  if (/\b(?:MS-AZR-)?0145P\b/i.test(error.message)) {
    return classicOffer('told');
  }
  if (/not registered/i.test(error.message) && /namespace|provider/i.test(error.message)) {
    return notRegistered(error, place);
  }
  const status = error.status ?? 0;
  if (status === 429) {
    return throttled();
  }
  if (place.kind === 'managementGroup') {
    return managementGroup('concluded');
  }
  if (status === 401 && !DENIALS.has(code)) {
    return SIGN_IN_REFUSED;
  }
  if (status === 401 || status === 403) {
    return place.kind === 'subscription' ? deniedAtSubscription(place, facts) : deniedAtBilling(error, place, facts);
  }
  if (status === 404) {
    return notFound(code, place, facts);
  }
  return status >= 500 ? SERVICE_PROBLEM : unclear(error);
}

/** Codes that say "no role", with whatever status they come. */
const DENIALS = new Set(['authorizationfailed', 'billingaccessdenied', 'rbacaccessdenied', 'accessdenied']);

const SIGN_IN_REFUSED: Finding = {
  cause: 'signInRefused',
  certainty: 'told',
  sentence: 'The service does not accept the sign-in: its token is missing, expired or not for this service.',
  steps: ['Sign in again.', 'When it stays, remove the connection and add it anew.'],
};

const SERVICE_PROBLEM: Finding = {
  cause: 'serviceProblem',
  certainty: 'told',
  sentence: 'The service has a problem of its own; rights have nothing to do with it.',
  steps: ['Try again in some minutes.', 'When it stays for an hour, ask Azure support with the request id.'],
};

const BY_KIND: Readonly<Partial<Record<BillingError['kind'], Finding>>> = {
  unreachable: {
    cause: 'unreachable',
    certainty: 'told',
    sentence: 'The service was not reached, so rights have nothing to do with it.',
    steps: ['Check the endpoint of the connection, the network and the proxy.'],
  },
  signIn: {
    cause: 'signInRefused',
    certainty: 'told',
    sentence: 'There is no sign-in for this connection.',
    steps: ['Sign in again.'],
  },
  malformed: {
    cause: 'serviceProblem',
    certainty: 'told',
    sentence: 'The answer cannot be read; a proxy, a sign-in page of the network or the service itself changed it.',
    steps: ['Try again.', 'When it stays, open the log and look at what answered.'],
  },
  unsafeLink: {
    cause: 'serviceProblem',
    certainty: 'told',
    sentence: 'The service sent a link that must not be followed; rights have nothing to do with it.',
    steps: ['Try again.', 'When it stays, report the request id.'],
  },
  argument: {
    cause: 'unknown',
    certainty: 'told',
    sentence: 'The call was not sent, because its input is wrong.',
    steps: ['Correct the field that the message names.'],
  },
};

type Explanation = (error: BillingError, place: Place) => Finding;

/** By the service's code in lower case. A map: codes come from outside, and 'constructor' is one too. */
const BY_CODE = new Map<string, Explanation>([
  ['invalidauthenticationtokentenant', wrongTenant],
  ['invalidauthenticationtoken', () => SIGN_IN_REFUSED],
  ['expiredauthenticationtoken', () => SIGN_IN_REFUSED],
  ['authenticationfailed', () => SIGN_IN_REFUSED],
  ['toomanyrequests', throttled],
  ['resourcerequeststhrottled', throttled],
  ['subscriptionrequeststhrottled', throttled],
  ['tenantrequeststhrottled', throttled],
  ['missingsubscriptionregistration', notRegistered],
  ['accountcostdisabled', () => hidden('the account owners')],
  ['departmentcostdisabled', () => hidden('the department administrators')],
  ['indirectcostdisabled', indirectHidden],
  [
    'subscriptiontypenotsupported',
    (_, place) => (place.kind === 'managementGroup' ? managementGroup('told') : classicOffer('told')),
  ],
  ['disallowedoperation', neverAnyCharges],
  ['readonlydisabledsubscription', disabled],
  ['missingsubscription', noScope],
  ['resourcegroupnotfound', groupNotFound],
]);

function wrongTenant({ message }: BillingError): Finding {
  const tenant = rightTenant(message);
  return {
    cause: 'wrongTenant',
    certainty: 'told',
    sentence:
      tenant === undefined
        ? 'The sign-in belongs to another tenant than what is asked about.'
        : `The sign-in belongs to another tenant; this needs a sign-in to the tenant ${tenant}.`,
    steps: [
      tenant === undefined
        ? 'Sign in to the tenant that the message of the service names.'
        : `Use a connection that signs in to the tenant ${tenant}.`,
      "Billing scopes need the partner's tenant, subscriptions the tenant they are in.",
    ],
  };
}

function throttled(): Finding {
  return {
    cause: 'throttled',
    certainty: 'told',
    sentence: "One of Azure's limits is used up; rights have nothing to do with it.",
    steps: [
      'Wait a minute, five for resource requests, and try again.',
      "See what is left with 'Show Azure's Limits'.",
    ],
  };
}

function notRegistered({ message }: BillingError, place: Place): Finding {
  const provider = /Microsoft\.[A-Za-z]+/.exec(message)?.[0] ?? 'Microsoft.CostManagement';
  const where = place.kind === 'subscription' ? ` in the subscription ${place.subscription}` : ' in the subscription';
  return {
    cause: 'providerNotRegistered',
    certainty: 'told',
    sentence: `The resource provider ${provider} is not registered${where}.`,
    steps: [`Let an owner of the subscription register ${provider} (az provider register --namespace ${provider}).`],
  };
}

function hidden(whom: string): Finding {
  return {
    cause: 'chargesHidden',
    certainty: 'told',
    sentence: `The administrator of the enterprise enrolment hides charges from ${whom}.`,
    steps: ['Ask an enterprise administrator to turn on viewing charges in the policies of the enrolment.'],
  };
}

function indirectHidden(): Finding {
  return {
    cause: 'chargesHidden',
    certainty: 'told',
    sentence: 'The partner of this indirect enterprise enrolment has not published its prices.',
    steps: ['Ask the partner of the enrolment to publish the mark-up.'],
  };
}

function managementGroup(certainty: Finding['certainty']): Finding {
  return {
    cause: 'managementGroup',
    certainty,
    sentence:
      'Costs of a management group cannot be read when its subscriptions are under a partner or customer agreement.',
    steps: ['Read the costs at the billing account, the customer or each subscription instead.'],
  };
}

/** What Cost Management does not serve in the partner's world: subscriptions bought before the Azure plan. */
export function classicOffer(certainty: Finding['certainty']): Finding {
  return {
    cause: 'offerUnsupported',
    certainty,
    sentence:
      'Cost Management does not serve the offer of this subscription; of those bought from a partner it serves Azure plans only.',
    steps: [
      "Read its usage records in Partner Center, or its part of the invoice at the billing profile's scope.",
      'Move the subscription to an Azure plan to see its costs here from then on.',
    ],
  };
}

function neverAnyCharges(): Finding {
  return {
    cause: 'offerUnsupported',
    certainty: 'told',
    sentence: 'A subscription of this type never has charges.',
    steps: ['Nothing can be done; choose another subscription.'],
  };
}

function disabled(): Finding {
  return {
    cause: 'readOnly',
    certainty: 'told',
    sentence: 'The subscription is disabled, and nothing can be written to it, budgets included.',
    steps: ['Activate the subscription again, then repeat the change.'],
  };
}

function noScope(): Finding {
  return {
    cause: 'notFound',
    certainty: 'told',
    sentence: 'The address of the call names no valid scope.',
    steps: ['Check the scope; when it came from the tree, report the call.'],
  };
}

function groupNotFound(): Finding {
  return {
    cause: 'notFound',
    certainty: 'told',
    sentence: 'The resource group does not exist any more, or its name is misspelled.',
    steps: ['Check the name; costs of a deleted resource group are still in those of its subscription.'],
  };
}

function notFound(code: string, place: Place, facts: AccessFacts): Finding {
  if (place.kind === 'subscription') {
    return missingSubscription(code, facts);
  }
  if (known(facts.mayRead) === false) {
    return {
      cause: 'notFound',
      certainty: 'told',
      sentence: 'The service finds nothing under this name, at least nothing that the sign-in may see.',
      steps: ['Check the name.', 'Ask for a billing role at the billing account; without one nothing is found there.'],
    };
  }
  return {
    cause: 'notFound',
    certainty: 'told',
    sentence: 'The service finds nothing under this name: it was deleted or moved, or never existed.',
    steps: ['Refresh the tree, and check the name.'],
  };
}

function missingSubscription(code: string, facts: AccessFacts): Finding {
  const billed = facts.billedAt;
  if (billed !== undefined && 'found' in billed && billed.found !== undefined) {
    const deleted = /^(deleted|expired)$/i.test(billed.found.status ?? '');
    return deleted
      ? {
          cause: 'notFound',
          certainty: 'concluded',
          sentence: 'The subscription was deleted; billing still knows it, Cost Management does not.',
          steps: ["Read its past costs at the customer's or the billing account's scope."],
        }
      : {
          cause: 'newSubscription',
          certainty: 'concluded',
          sentence: 'Billing knows the subscription, Cost Management does not yet: a new one takes up to 48 hours.',
          steps: ['Wait up to 48 hours after it was created, then try again.'],
        };
  }
  return {
    cause: code === 'subscriptionnotfound' ? 'newSubscription' : 'notFound',
    certainty: 'concluded',
    sentence:
      'The service does not know the subscription: it is less than 48 hours old, was deleted, or its id is wrong.',
    steps: ['Check the id.', 'When the subscription is new, wait up to 48 hours and try again.'],
    otherwise: ['The subscription is in another tenant than the sign-in.'],
  };
}

function unclear({ advice }: BillingError): Finding {
  return {
    cause: 'unknown',
    certainty: 'concluded',
    sentence: 'The answer of the service does not tell of rights; the call itself is not accepted at this scope.',
    steps: [advice ?? 'Read what the service answered, and check the scope and the period.'],
  };
}
