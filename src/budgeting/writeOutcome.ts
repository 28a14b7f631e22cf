import type { BudgetFinding } from '../api/arm/budgetRules/findings.ts';
import { BillingError } from '../api/http/errors.ts';

/**
 * Why nothing was written. `rule`: the body breaks a rule, by our check (`findings`) or by the service; `role`: the user may not; `readOnly`: the
 * subscription is disabled or locked; `limit`: the service asks to wait longer than anybody waits; `signIn`: no token; `unreachable`: nothing was
 * sent; `other`: what the service says.
 */
export type RefusalReason = 'rule' | 'role' | 'readOnly' | 'limit' | 'signIn' | 'unreachable' | 'other';

export interface Refused {
  kind: 'refused';
  reason: RefusalReason;
  /** One sentence, and what to do. */
  message: string;
  error?: BillingError;
  /** What our own check found. */
  findings: readonly Omit<BudgetFinding, 'code'>[];
}

/** The user, or the closing editor, stopped it. */
export interface Cancelled {
  kind: 'cancelled';
  /** Whether something had been sent: then what the service holds has to be read again before anything is said of it. */
  sent: boolean;
}

/** Nothing can be told: the answer was lost and the service could not be read afterwards. */
export interface Unknown {
  kind: 'unknown';
  message: string;
  error: unknown;
}

/**
 * Whether a write may have been done though no good answer came: the connection broke, the time was over, the answer was cut or the
 * service failed in between. Everything that it refused, it did not do.
 */
export function isLost(error: unknown): boolean {
  if (!(error instanceof BillingError)) {
    return true;
  }
  const { kind, status = 0 } = error;
  return kind === 'malformed' || (kind === 'unreachable' && !neverSent(error)) || status === 408 || status >= 500;
}

function neverSent({ cause }: BillingError): boolean {
  return cause instanceof Error && cause.name === 'ConnectFailure';
}

/** A refusal in the words of an outcome. */
export function refusedBy(error: BillingError, findings: readonly BudgetFinding[] = []): Refused {
  return { kind: 'refused', reason: reasonOf(error), message: error.explanation, error, findings };
}

function reasonOf({ kind, status, code = '' }: BillingError): RefusalReason {
  if (/^(ReadOnlyDisabledSubscription|ScopeLocked)$/i.test(code)) {
    return 'readOnly';
  }
  if (kind === 'signIn' || status === 401) {
    return 'signIn';
  }
  if (kind === 'argument' || status === 400) {
    return 'rule';
  }
  const reasons: Readonly<Record<number, RefusalReason>> = { 403: 'role', 429: 'limit' };
  return reasons[status ?? 0] ?? (kind === 'unreachable' ? 'unreachable' : 'other');
}

/** Our own check found errors. */
export function refusedByRules(findings: readonly Omit<BudgetFinding, 'code'>[]): Refused {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const more = errors.length > 1 ? ` ${errors.length - 1} more ${errors.length === 2 ? 'problem' : 'problems'}.` : '';
  return { kind: 'refused', reason: 'rule', message: `${errors[0]?.message ?? ''}${more}`, findings };
}
