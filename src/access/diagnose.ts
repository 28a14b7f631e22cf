import { BillingError } from '../api/http/errors.ts';
import type { Diagnosis } from './diagnosis.ts';
import { explainEmpty } from './emptyCauses.ts';
import type { AccessFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import { explainRefusal } from './refusalCauses.ts';
import { completed } from './report.ts';
import { type AccessSubject, placeOf } from './subject.ts';

/**
 * From a failure or an empty answer, and what the probes found, to its cause. Pure: the same input gives the same diagnosis.
 *
 * @param now when it is looked into
 */
export function diagnose(subject: AccessSubject, facts: AccessFacts, now: Date): Diagnosis {
  const place = placeOf(subject.scope);
  const { error } = subject;
  if (error === undefined) {
    return completed(explainEmpty(place, subject.listed ?? 'other', facts), subject, facts, now);
  }
  const finding = error instanceof BillingError ? explainRefusal(error, place, facts) : INTERNAL;
  return completed(finding, subject, facts, now);
}

const INTERNAL: Finding = {
  cause: 'unknown',
  certainty: 'concluded',
  sentence: 'This failure did not come from the service.',
  steps: ['Read the log, and report the failure with it.'],
};

/** Nothing is wrong: the service answered with data. */
export function readable(subject: AccessSubject, facts: AccessFacts, now: Date): Diagnosis {
  const finding: Finding = {
    cause: 'readable',
    certainty: 'told',
    sentence: 'The sign-in can read the usage of this scope, and there is some in the month to date.',
    steps: ['Nothing has to be done.'],
  };
  return completed(finding, subject, facts, now);
}
