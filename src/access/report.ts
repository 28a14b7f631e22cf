import { BillingError } from '../api/http/errors.ts';
import type { Check, Diagnosis, Refused } from './diagnosis.ts';
import type { AccessFacts, Finding as Fact } from './facts.ts';
import type { Finding } from './finding.ts';
import { sendable } from './serviceText.ts';
import type { AccessSubject } from './subject.ts';

/** Writes a cause out: with what was checked, the text to send, and all of it for reading. */
export function completed(finding: Finding, subject: AccessSubject, facts: AccessFacts, now: Date): Diagnosis {
  const { scope, error } = subject;
  const refused = error instanceof BillingError ? refusedBy(error) : undefined;
  const { role, otherwise = [], ...cause } = finding;
  const known = {
    ...cause,
    sentence: sendable(finding.sentence),
    ...(role === undefined ? {} : { role: { name: role, scope: scope ?? 'the billing account' } }),
    otherwise: [...otherwise],
    checks: checksOf(facts),
    ...(scope === undefined ? {} : { scope: sendable(scope) }),
    ...(refused === undefined ? {} : { refused }),
    at: now.toISOString(),
  };
  const adminText = adminTextOf(known, subject);
  return { ...known, adminText, details: detailsOf(known, adminText) };
}

function refusedBy({ message, status, code, requestId, correlationId, call }: BillingError): Refused {
  return {
    message: sendable(message),
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code: sendable(code) }),
    ...(requestId === undefined ? {} : { requestId: sendable(requestId) }),
    ...(correlationId === undefined ? {} : { correlationId: sendable(correlationId) }),
    ...(call === undefined ? {} : { call: sendable(`${call.method} ${call.url}`) }),
  };
}

function checksOf({ mayRead, agreement, costPolicy, billedAt }: AccessFacts): Check[] {
  return [
    check('Right to read at the billing account', mayRead, (may) => (may ? 'Allowed' : 'Not allowed')),
    check('Agreement of the billing account', agreement, (name) => name),
    check('Cost policy of the customer', costPolicy, (state) => POLICY_STATES[state] ?? state),
    check('Where the subscription is billed', billedAt, (billed) =>
      billed === undefined
        ? 'Billing does not know it'
        : [billed.agreement, billed.plan, billed.status].filter(Boolean).join(', ') || 'Billing knows it',
    ),
  ].filter((one) => one !== undefined);
}

const POLICY_STATES: Readonly<Record<string, string>> = { Allowed: 'On', NotAllowed: 'Off' };

function check<T>(what: string, fact: Fact<T> | undefined, words: (found: T) => string): Check | undefined {
  if (fact === undefined) {
    return undefined;
  }
  const outcome = 'found' in fact ? words(fact.found) : `Could not be checked: ${fact.unknown}`;
  return { what, outcome: sendable(outcome) };
}

type Known = Omit<Diagnosis, 'adminText' | 'details'>;

/** In the user's words; whoever gets it need not know this extension. */
function adminTextOf(known: Known, { error, listed }: AccessSubject): string {
  const { cause, refused, role, scope } = known;
  const where = scope === undefined ? 'in our tenant' : `of ${scope}`;
  const operation = error instanceof BillingError ? error.call?.operation : undefined;
  const trouble =
    cause === 'readable'
      ? `I can read the Azure costs ${where}.`
      : error !== undefined
        ? `In Azure billing, "${operation ?? 'a call'}" fails for me at ${scope ?? 'the tenant'}.`
        : `Azure billing shows me no ${listed === undefined || listed === 'other' ? 'entries' : listed} ${where}.`;
  return [
    trouble,
    '',
    `${known.certainty === 'told' ? 'Cause, as the service says' : 'Likely cause'}: ${known.sentence}`,
    ...(role === undefined ? [] : [`Please give me the role: ${role.name}`, `At the scope: ${role.scope}`]),
    ...(role === undefined ? [`What would help: ${known.steps.join(' ')}`] : []),
    ...known.otherwise.map((other) => `Or else: ${other}`),
    '',
    ...factLines(known),
    ...(refused === undefined ? [] : [`Answer: ${refused.message}`]),
    '',
    'Thank you.',
  ].join('\n');
}

function factLines({ scope, refused, at }: Known): string[] {
  return [
    ...(scope === undefined ? [] : [`Scope: ${scope}`]),
    ...(refused?.call === undefined ? [] : [`Call: ${refused.call}`]),
    ...(refused?.requestId === undefined ? [] : [`Request id: ${refused.requestId}`]),
    ...(refused?.correlationId === undefined ? [] : [`Correlation id: ${refused.correlationId}`]),
    `Time (UTC): ${at}`,
  ];
}

function detailsOf(known: Known, adminText: string): string {
  const list = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);
  const { refused, role } = known;
  return [
    known.sentence,
    known.certainty === 'told'
      ? 'The service said so.'
      : 'Concluded from what the service answered; it did not say so itself.',
    ...list(
      'What to do',
      known.steps.map((step, index) => `${index + 1}. ${step}`),
    ),
    ...(role === undefined ? [] : list('Role that is missing', [`${role.name}, at ${role.scope}`])),
    ...list('What else it could be', known.otherwise),
    ...list(
      'What was checked',
      known.checks.map(({ what, outcome }) => `${what}: ${outcome}`),
    ),
    ...list('What the service answered', [...(refused === undefined ? [] : [refused.message]), ...factLines(known)]),
    ...list('Text for an admin', adminText.split('\n')),
    '',
  ].join('\n');
}
