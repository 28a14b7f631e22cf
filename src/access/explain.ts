import type { ArmClient } from '../api/arm/armClient.ts';
import { matchScope, type Scope } from '../api/arm/scope.ts';
import { listUsageDetails } from '../api/arm/usageDetails.ts';
import { asRecord, BillingError } from '../api/http/errors.ts';
import { parseJson } from '../json/parseJson.ts';
import { diagnose, readable } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import { gatherFacts, MOST_PROBES } from './probes.ts';
import { type AccessSubject, placeOf } from './subject.ts';

interface ExplainOptions {
  signal: AbortSignal;
  now: Date;
}

/** Finds out why a call was refused or listed nothing, with at most {@link MOST_PROBES} requests. */
export async function explainSubject(
  arm: ArmClient | undefined,
  subject: AccessSubject,
  { signal, now }: ExplainOptions,
): Promise<Diagnosis> {
  const place = placeOf(subject.scope);
  const facts = arm === undefined || !worthProbing(subject) ? {} : await gatherFacts(arm, place, signal);
  return diagnose(subject, facts, now);
}

/**
 * Finds out whether the usage of a scope can be read, and why not: one request for a row of the month to date, and the probes that
 * are left when it fails or brings nothing.
 */
export async function explainScope(arm: ArmClient, path: string, options: ExplainOptions): Promise<Diagnosis> {
  const scope = matchScope(path);
  const outcome = scope === undefined ? 'other' : await readOne(arm, scope, options);
  if (outcome === 'rows') {
    return readable({ scope: path }, {}, options.now);
  }
  const subject: AccessSubject =
    typeof outcome === 'string' ? { scope: path, listed: 'usage' } : { scope: path, error: outcome };
  const facts = worthProbing(subject)
    ? await gatherFacts(arm, placeOf(path), options.signal, MOST_PROBES - (scope === undefined ? 0 : 1))
    : {};
  return diagnose(subject, facts, options.now);
}

/** Whether there is a row of usage in the month to date, or why none can be had. */
async function readOne(
  arm: ArmClient,
  scope: Scope,
  { signal, now }: ExplainOptions,
): Promise<'rows' | 'none' | BillingError> {
  const today = now.toISOString().slice(0, 10);
  const period = scope.kind === 'invoice' ? {} : { from: `${today.slice(0, 8)}01`, to: today };
  const enough = new AbortController();
  try {
    const page = await listUsageDetails(arm, { scope, ...period, top: 1 }).nextPage({
      signal: AbortSignal.any([signal, enough.signal]),
      onWait: () =>
        enough.abort(
          new BillingError('refused', "Azure's limit is used up, or the service has a problem.", { status: 429 }),
        ),
    });
    return page === undefined || page.value.length === 0 || countOf(page.value) === 0 ? 'none' : 'rows';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BillingError) {
      return error;
    }
    throw error;
  }
}

function countOf(page: Uint8Array): number {
  const { value } = asRecord(parseJson(new TextDecoder().decode(page)));
  return Array.isArray(value) ? value.length : 0;
}

/** Rights and policies decide about refusals and empty answers, not about limits, networks and broken answers. */
function worthProbing({ error }: AccessSubject): boolean {
  if (error === undefined) {
    return true;
  }
  return (
    error instanceof BillingError &&
    error.kind === 'refused' &&
    [401, 403, 404].includes(error.status ?? 0) &&
    error.code?.toLowerCase() !== 'invalidauthenticationtokentenant'
  );
}
