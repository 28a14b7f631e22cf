import assert from 'node:assert/strict';
import { diagnose } from '../../src/access/diagnose.ts';
import type { Cause, Certainty } from '../../src/access/diagnosis.ts';
import type { AccessFacts } from '../../src/access/facts.ts';
import { sendable } from '../../src/access/serviceText.ts';
import { type AccessSubject, placeOf, scopeOfCall } from '../../src/access/subject.ts';
import { rightTenant } from '../../src/access/tenants.ts';
import { BillingError } from '../../src/api/http/errors.ts';

const NOW = new Date('2026-11-21T11:45:00Z');
const ACCOUNT = '/providers/Microsoft.Billing/billingAccounts/11111111-0000-0000-0000-000000000001:22222222_2019-05-31';
const CUSTOMER = `${ACCOUNT}/customers/33333333-0000-0000-0000-000000000003`;
const SUBSCRIPTION = '/subscriptions/44444444-0000-0000-0000-000000000004';
const GROUP = '/providers/Microsoft.Management/managementGroups/all';
const OURS = 'aaaaaaaa-1111-2222-3333-444444444444';
const THEIRS = 'bbbbbbbb-1111-2222-3333-444444444444';

function refused(status: number, code?: string, message = 'No.', method = 'GET', path = '/x'): BillingError {
  const url = `https://management.azure.com${path}?api-version=2024-04-01`;
  return new BillingError('refused', `List things failed with HTTP ${status} ${code ?? ''}: ${message}`, {
    status,
    code,
    requestId: 'request-1',
    correlationId: 'correlation-1',
    call: { operation: 'List things', method, url },
  });
}

const found = <T>(value: T) => ({ found: value });
const unknown = { unknown: 'HTTP 403.' };
const partner: AccessFacts = { mayRead: found(false), agreement: found('MicrosoftPartnerAgreement') };

type Row = [
  title: string,
  subject: AccessSubject,
  facts: AccessFacts,
  cause: Cause,
  certainty: Certainty,
  sentence: RegExp,
  role?: string,
];

const rows: Row[] = [
  [
    'a token of another tenant',
    {
      scope: CUSTOMER,
      error: refused(401, 'InvalidAuthenticationTokenTenant', `From ${THEIRS}. It must match ${OURS}.`),
    },
    {},
    'wrongTenant',
    'told',
    new RegExp(`tenant ${OURS}\\.$`),
  ],
  [
    'a token of another tenant that the message does not name',
    { scope: CUSTOMER, error: refused(401, 'InvalidAuthenticationTokenTenant', 'The wrong tenant.') },
    {},
    'wrongTenant',
    'told',
    /another tenant than what is asked about/,
  ],
  [
    'an expired token',
    { scope: CUSTOMER, error: refused(401, 'ExpiredAuthenticationToken') },
    {},
    'signInRefused',
    'told',
    /does not accept the sign-in/,
  ],
  ['a 401 without a code', { scope: CUSTOMER, error: refused(401) }, {}, 'signInRefused', 'told', /does not accept/],
  [
    'an external account or a stale token',
    { scope: CUSTOMER, error: refused(401, 'Unauthorized') },
    {},
    'signInRefused',
    'told',
    /does not accept/,
  ],
  [
    'no billing role, told by the check of rights',
    { scope: CUSTOMER, error: refused(403, 'BillingAccessDenied') },
    partner,
    'roleMissing',
    'told',
    /no billing role at this scope/,
    'Admin agent or Billing admin (in the partner tenant)',
  ],
  [
    'no billing role, rights not to be had',
    { scope: ACCOUNT, error: refused(401, 'BillingAccessDenied') },
    { mayRead: unknown, agreement: unknown },
    'roleMissing',
    'concluded',
    /no billing role/,
    'Admin agent or Billing admin (in the partner tenant)',
  ],
  [
    'a customer agreement has roles of its own',
    { scope: ACCOUNT, error: refused(403) },
    { mayRead: found(false), agreement: found('MicrosoftCustomerAgreement') },
    'roleMissing',
    'told',
    /no billing role/,
    'Billing account reader',
  ],
  [
    'an enterprise agreement too',
    { scope: ACCOUNT, error: refused(403) },
    { agreement: found('EnterpriseAgreement') },
    'roleMissing',
    'concluded',
    /no billing role/,
    'Enterprise administrator (read only)',
  ],
  [
    'the cost policy belongs to Admin agents',
    { scope: CUSTOMER, error: refused(403, 'BillingAccessDenied', 'No.', 'PUT', `${CUSTOMER}/policies/default`) },
    { mayRead: found(true) },
    'roleMissing',
    'concluded',
    /Only Admin agents/,
    'Admin agent (in the partner tenant)',
  ],
  [
    'a change by a reader',
    { scope: ACCOUNT, error: refused(403, 'BillingAccessDenied', 'No.', 'PUT') },
    { mayRead: found(true) },
    'roleMissing',
    'concluded',
    /not make this change/,
    'Admin agent or Billing admin (in the partner tenant)',
  ],
  [
    'a refusal against the check of rights',
    { scope: ACCOUNT, error: refused(403, 'BillingAccessDenied') },
    { mayRead: found(true) },
    'unknown',
    'concluded',
    /and still refuses/,
  ],
  [
    'the list of billing accounts',
    { error: refused(403, 'AuthorizationFailed') },
    {},
    'roleMissing',
    'concluded',
    /may not see billing accounts/,
    'Admin agent or Billing admin (in the partner tenant)',
  ],
  [
    'the cost policy is off',
    { scope: SUBSCRIPTION, error: refused(403, 'AuthorizationFailed') },
    { costPolicy: found('NotAllowed') },
    'costPolicyOff',
    'concluded',
    /cost policy for this customer is off/,
  ],
  [
    'the cost policy is on',
    { scope: SUBSCRIPTION, error: refused(401, 'RBACAccessDenied') },
    { costPolicy: found('Allowed') },
    'roleMissing',
    'concluded',
    /no role that reads costs at the subscription; the cost policy is on/,
    'Cost Management Reader',
  ],
  [
    'the cost policy is not known',
    { scope: `${SUBSCRIPTION}/resourceGroups/rg`, error: refused(403) },
    { costPolicy: unknown },
    'roleMissing',
    'concluded',
    /at the resource group\.$/,
    'Cost Management Reader',
  ],
  [
    'an offer that is not served',
    { scope: SUBSCRIPTION, error: refused(400, 'SubscriptionTypeNotSupported') },
    {},
    'offerUnsupported',
    'told',
    /Azure plans only/,
  ],
  [
    'an offer that is named in the message',
    { scope: SUBSCRIPTION, error: refused(400, 'BadRequest', 'The offer MS-AZR-0145P is not supported.') },
    {},
    'offerUnsupported',
    'told',
    /Azure plans only/,
  ],
  [
    'a type without charges',
    { scope: SUBSCRIPTION, error: refused(400, 'DisallowedOperation') },
    {},
    'offerUnsupported',
    'told',
    /never has charges/,
  ],
  [
    'a management group, by code',
    { scope: GROUP, error: refused(400, 'SubscriptionTypeNotSupported') },
    {},
    'managementGroup',
    'told',
    /management group/,
  ],
  [
    'a management group, by place',
    { scope: GROUP, error: refused(403) },
    {},
    'managementGroup',
    'concluded',
    /management group/,
  ],
  [
    'charges hidden by the enrolment',
    { scope: ACCOUNT, error: refused(403, 'AccountCostDisabled') },
    {},
    'chargesHidden',
    'told',
    /account owners/,
  ],
  [
    'charges hidden from departments',
    { scope: ACCOUNT, error: refused(403, 'DepartmentCostDisabled') },
    {},
    'chargesHidden',
    'told',
    /department administrators/,
  ],
  [
    'an indirect enrolment without prices',
    { scope: ACCOUNT, error: refused(403, 'IndirectCostDisabled') },
    {},
    'chargesHidden',
    'told',
    /has not published its prices/,
  ],
  [
    'a subscription that billing knows',
    { scope: SUBSCRIPTION, error: refused(404, 'SubscriptionNotFound') },
    { billedAt: found({ status: 'Active' }) },
    'newSubscription',
    'concluded',
    /up to 48 hours/,
  ],
  [
    'a deleted subscription',
    { scope: SUBSCRIPTION, error: refused(404, 'SubscriptionNotFound') },
    { billedAt: found({ status: 'Deleted' }) },
    'notFound',
    'concluded',
    /was deleted; billing still knows it/,
  ],
  [
    'a subscription that nobody knows',
    { scope: SUBSCRIPTION, error: refused(404, 'SubscriptionNotFound') },
    { billedAt: found(undefined) },
    'newSubscription',
    'concluded',
    /less than 48 hours old, was deleted, or its id is wrong/,
  ],
  [
    'a resource group that is gone',
    { scope: `${SUBSCRIPTION}/resourceGroups/rg`, error: refused(404, 'ResourceGroupNotFound') },
    {},
    'notFound',
    'told',
    /resource group does not exist/,
  ],
  [
    'a customer that is gone',
    { scope: CUSTOMER, error: refused(404, 'NotFound') },
    { mayRead: found(true) },
    'notFound',
    'told',
    /deleted or moved/,
  ],
  [
    'nothing found without a role',
    { scope: CUSTOMER, error: refused(404, 'NotFound') },
    { mayRead: found(false) },
    'notFound',
    'told',
    /that the sign-in may see/,
  ],
  [
    'a provider that is not registered, by code',
    {
      scope: SUBSCRIPTION,
      error: refused(
        409,
        'MissingSubscriptionRegistration',
        "The subscription is not registered to use namespace 'Microsoft.CostManagement'.",
      ),
    },
    {},
    'providerNotRegistered',
    'told',
    /Microsoft\.CostManagement is not registered/,
  ],
  [
    'a disabled subscription',
    { scope: SUBSCRIPTION, error: refused(409, 'ReadOnlyDisabledSubscription') },
    {},
    'readOnly',
    'told',
    /disabled/,
  ],
  ['a limit, by status', { scope: ACCOUNT, error: refused(429, '429') }, {}, 'throttled', 'told', /limits is used up/],
  [
    'a limit, by code',
    { scope: ACCOUNT, error: refused(400, 'ResourceRequestsThrottled') },
    {},
    'throttled',
    'told',
    /limits is used up/,
  ],
  [
    'a failure of the service',
    { scope: ACCOUNT, error: refused(503, 'ServiceUnavailable') },
    {},
    'serviceProblem',
    'told',
    /problem of its own/,
  ],
  [
    'a code that is a member of every object',
    { scope: ACCOUNT, error: refused(400, 'constructor') },
    {},
    'unknown',
    'concluded',
    /not accepted at this scope/,
  ],
  [
    'no network',
    { scope: ACCOUNT, error: new BillingError('unreachable', 'Nothing listens.') },
    {},
    'unreachable',
    'told',
    /was not reached/,
  ],
  [
    'no sign-in',
    { error: new BillingError('signIn', 'There is no token.') },
    {},
    'signInRefused',
    'told',
    /no sign-in/,
  ],
  [
    'a failure of another kind',
    { error: new TypeError('x') },
    {},
    'unknown',
    'concluded',
    /did not come from the service/,
  ],
  [
    'no billing accounts',
    { listed: 'billing accounts' },
    {},
    'roleMissing',
    'concluded',
    /no role at any billing account/,
    'Admin agent or Billing admin (in the partner tenant)',
  ],
  [
    'no customers without a role',
    { scope: ACCOUNT, listed: 'customers' },
    partner,
    'roleMissing',
    'told',
    /lists no customers/,
    'Admin agent or Billing admin (in the partner tenant)',
  ],
  [
    'no customers under another agreement',
    { scope: ACCOUNT, listed: 'customers' },
    { mayRead: found(true), agreement: found('EnterpriseAgreement') },
    'offerUnsupported',
    'concluded',
    /Only billing accounts under a Microsoft Partner Agreement/,
  ],
  [
    'no customers at all',
    { scope: ACCOUNT, listed: 'customers' },
    { mayRead: found(true), agreement: found('MicrosoftPartnerAgreement') },
    'nothingThere',
    'concluded',
    /No customer/,
  ],
  [
    'no subscriptions',
    { scope: CUSTOMER, listed: 'subscriptions' },
    { mayRead: found(true) },
    'nothingThere',
    'concluded',
    /Nothing was bought/,
  ],
  ['no invoices', { scope: ACCOUNT, listed: 'invoices' }, {}, 'nothingThere', 'concluded', /No invoice/],
  ['no usage of a customer', { scope: CUSTOMER, listed: 'usage' }, {}, 'noDataYet', 'concluded', /8 to 24 hours/],
  [
    'no usage with the policy off',
    { scope: SUBSCRIPTION, listed: 'usage' },
    { costPolicy: found('NotAllowed') },
    'costPolicyOff',
    'concluded',
    /policy/,
  ],
  [
    'no usage of a classic subscription',
    { scope: SUBSCRIPTION, listed: 'usage' },
    {
      costPolicy: found('Allowed'),
      billedAt: found({ agreement: 'MicrosoftPartnerAgreement', plan: 'Microsoft Azure (CSP)' }),
    },
    'offerUnsupported',
    'concluded',
    /Azure plans only/,
  ],
  [
    'no usage of a deleted subscription',
    { scope: SUBSCRIPTION, listed: 'usage' },
    { billedAt: found({ status: 'Deleted' }) },
    'nothingThere',
    'concluded',
    /was deleted/,
  ],
  [
    'no usage of a subscription',
    { scope: SUBSCRIPTION, listed: 'usage' },
    { costPolicy: found('Allowed') },
    'noDataYet',
    'concluded',
    /8 to 24 hours late, for a new subscription up to 48/,
  ],
  [
    'no costs of a management group',
    { scope: GROUP, listed: 'usage' },
    {},
    'managementGroup',
    'concluded',
    /leave out/,
  ],
];

describe('the causes of refusals and of empty answers', () => {
  for (const [title, subject, facts, cause, certainty, sentence, role] of rows) {
    it(`${title}: ${cause}`, () => {
      const diagnosis = diagnose(subject, facts, NOW);
      assert.equal(diagnosis.cause, cause);
      assert.equal(diagnosis.certainty, certainty);
      assert.match(diagnosis.sentence, sentence);
      assert.equal(diagnosis.role?.name, role);
      // One sentence, and something to do.
      assert.match(diagnosis.sentence, /^[A-Z].*\.$/);
      assert.doesNotMatch(diagnosis.sentence.slice(0, -1), /\.\s/);
      assert.ok(diagnosis.steps.length > 0);
      assert.deepEqual(diagnose(subject, facts, NOW), diagnosis, 'the same input gives the same diagnosis');
    });
  }

  it('say what could not be checked, and that the policy may be off then', () => {
    const { otherwise, checks } = diagnose(
      { scope: SUBSCRIPTION, error: refused(403, 'AuthorizationFailed') },
      { costPolicy: unknown, billedAt: found(undefined) },
      NOW,
    );
    assert.match(otherwise.join(), /could not be checked/);
    assert.deepEqual(checks, [
      { what: 'Cost policy of the customer', outcome: 'Could not be checked: HTTP 403.' },
      { what: 'Where the subscription is billed', outcome: 'Billing does not know it' },
    ]);
  });
});

describe('the text for an admin', () => {
  it('has the scope, the role, the ids and the time', () => {
    const { adminText, details } = diagnose(
      { scope: CUSTOMER, error: refused(403, 'BillingAccessDenied') },
      partner,
      NOW,
    );
    assert.equal(
      adminText,
      [
        `In Azure billing, "List things" fails for me at ${CUSTOMER}.`,
        '',
        'Cause, as the service says: The sign-in has no billing role at this scope.',
        'Please give me the role: Admin agent or Billing admin (in the partner tenant)',
        `At the scope: ${CUSTOMER}`,
        '',
        `Scope: ${CUSTOMER}`,
        'Call: GET https://management.azure.com/x?api-version=2024-04-01',
        'Request id: request-1',
        'Correlation id: correlation-1',
        'Time (UTC): 2026-11-21T11:45:00.000Z',
        'Answer: List things failed with HTTP 403 BillingAccessDenied: No.',
        '',
        'Thank you.',
      ].join('\n'),
    );
    assert.ok(details.includes('Right to read at the billing account: Not allowed'));
    assert.ok(details.includes(adminText));
  });

  it('has nothing that opens a door, and no lines of the service', () => {
    const secrets =
      'Bearer abcdefgh12345678 and eyJhbGciOiJub25l.eyJzdWIiOiIxIn0.c2ln at https://x.example/a?sv=1&sig=SECRET%3D&se=2\u202e\nThank you.\nPlease give me everything.';
    const { adminText, details } = diagnose(
      { scope: CUSTOMER, error: refused(403, 'AuthorizationFailed', secrets) },
      {},
      NOW,
    );
    for (const text of [adminText, details]) {
      assert.doesNotMatch(text, /abcdefgh|eyJ|SECRET|\u202e/);
      assert.equal(text.split('\n').filter((line) => line.startsWith('Please give me everything')).length, 0);
    }
    assert.equal(sendable('x'.repeat(2000)).length, 600);
  });
});

describe('the place of a scope', () => {
  it('is read from scopes, resources and odd spellings', () => {
    assert.deepEqual(placeOf(undefined), { kind: 'tenant' });
    assert.deepEqual(placeOf(`${ACCOUNT}/billingProfiles/P/customers/C`.slice(1)), {
      kind: 'billing',
      account: ACCOUNT.split('/').at(-1),
      profile: 'P',
      customer: 'C',
    });
    assert.deepEqual(placeOf('/SUBSCRIPTIONS/s/ResourceGroups/g'), {
      kind: 'subscription',
      subscription: 's',
      resourceGroup: 'g',
    });
    assert.deepEqual(placeOf('/nowhere'), { kind: 'elsewhere' });
  });

  it('is that of the call where nothing else names it', () => {
    const of = (path: string) => scopeOfCall(refused(403, '', '', 'GET', path));
    assert.equal(of(`${CUSTOMER}/providers/Microsoft.Consumption/usageDetails`), CUSTOMER);
    assert.equal(of(`${SUBSCRIPTION}/providers/Microsoft.CostManagement/query`), SUBSCRIPTION);
    assert.equal(of(`${SUBSCRIPTION}/providers/Microsoft.Billing/billingProperty/default`), SUBSCRIPTION);
    assert.equal(of(`${CUSTOMER}/policies/default`), CUSTOMER);
    assert.equal(of(`${ACCOUNT}/customers`), ACCOUNT);
    assert.equal(of('/providers/Microsoft.Billing/billingAccounts'), undefined);
    assert.equal(scopeOfCall(new Error('x')), undefined);
  });
});

describe('the right tenant in a message', () => {
  it('is the one that the token must match', () => {
    assert.equal(
      rightTenant(
        `Issuer 'https://sts.windows.net/${THEIRS}/' is wrong. It must match the tenant 'https://sts.windows.net/${OURS}/'. Use https://login.windows.net/${OURS}.`,
      ),
      OURS,
    );
    assert.equal(rightTenant(`Use the tenant ${OURS.toUpperCase()}.`), OURS);
    assert.equal(rightTenant(`One of ${OURS}, ${THEIRS}, cccccccc-1111-2222-3333-444444444444.`), undefined);
    assert.equal(rightTenant('No tenant at all.'), undefined);
  });
});
