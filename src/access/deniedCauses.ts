import type { BillingError } from '../api/http/errors.ts';
import { type AccessFacts, known } from './facts.ts';
import type { Finding } from './finding.ts';
import { billingRole, ROLES, roleGiver } from './roles.ts';
import type { Place } from './subject.ts';

/**
 * Refused at a subscription: the cost policy is off, or the role is missing. The service says the same of both, so the policy
 * decides. A partner with a role at the subscription would see its costs whatever the policy.
 */
export function deniedAtSubscription(place: Place & { kind: 'subscription' }, facts: AccessFacts): Finding {
  const where = place.resourceGroup === undefined ? 'the subscription' : 'the resource group';
  if (known(facts.costPolicy) === 'NotAllowed') {
    return {
      cause: 'costPolicyOff',
      certainty: 'concluded',
      sentence:
        "The partner's cost policy for this customer is off, so people in the customer's tenant see no charges.",
      steps: [
        'Ask the partner to turn the cost policy of the customer on; costs then show at retail rates.',
        `A partner needs no policy, but the role ${ROLES.subscription} at ${where}.`,
      ],
      otherwise: [`The role ${ROLES.subscription} at ${where} may be missing too.`],
    };
  }
  const asked = facts.costPolicy;
  const policyKnown = known(asked) !== undefined;
  return {
    cause: 'roleMissing',
    certainty: 'concluded',
    sentence: `The sign-in has no role that reads costs at ${where}${policyKnown ? '; the cost policy is on' : ''}.`,
    steps: [
      `Let an owner of the subscription assign ${ROLES.subscription} at ${where}; Reader, Contributor and Owner do as well.`,
      'A new role takes up to ten minutes, and often a new sign-in.',
    ],
    role: ROLES.subscription,
    ...(policyKnown
      ? {}
      : { otherwise: ["The partner's cost policy for this customer may be off; that could not be checked."] }),
  };
}

/** Refused at a billing scope: the cost policy has no say there, only billing roles have. */
export function deniedAtBilling(error: BillingError, place: Place, facts: AccessFacts): Finding {
  if (/\/policies\//i.test(error.call?.url ?? '')) {
    return missing(
      ROLES.adminAgent,
      'concluded',
      'Only Admin agents of the partner read and change the cost policy of a customer.',
      'a global administrator of the partner tenant',
    );
  }
  const agreement = known(facts.agreement);
  const role = billingRole(agreement);
  const mayRead = known(facts.mayRead);
  if (mayRead === true) {
    const writing = error.call !== undefined && !/^(GET|HEAD|POST)$/.test(error.call.method);
    return writing
      ? missing(role, 'concluded', 'The sign-in may read here, but not make this change.', roleGiver(agreement))
      : {
          cause: 'unknown',
          certainty: 'concluded',
          sentence: 'The service says that the sign-in may read at this billing account, and still refuses this call.',
          steps: [
            'Sign in again; a role that was just given takes a while.',
            'When it stays, send the text to Azure support.',
          ],
          otherwise: [`The role may be given at another scope only; ${role} at the billing account sees everything.`],
        };
  }
  const sentence =
    place.kind === 'tenant'
      ? 'The sign-in may not see billing accounts in this tenant.'
      : 'The sign-in has no billing role at this scope.';
  return missing(role, mayRead === false ? 'told' : 'concluded', sentence, roleGiver(agreement));
}

/** A role is missing at a billing scope. */
export function missing(role: string, certainty: Finding['certainty'], sentence: string, giver: string): Finding {
  return {
    cause: 'roleMissing',
    certainty,
    sentence,
    steps: [`Ask ${giver} for the role ${role}.`, 'Sign in again when it was given.'],
    role,
  };
}
