import type { ArmClient } from '../../api/arm/armClient.ts';
import type { Scope } from '../../api/arm/scope.ts';
import { usageDetailsQuota } from '../../api/arm/usageDetails.ts';
import { QUOTA_RULES } from '../../api/http/quotaRules.ts';

/** Lists of usage details that an export may begin: pages behind the first do not count. */
export interface Starts {
  now: number;
  aMinute: number;
}

/** What is left of the limits of a scope for an export, and what there is in a minute. */
export function startsFor(arm: ArmClient, scope: Scope): Starts {
  const claim = usageDetailsQuota(scope);
  const limit = Math.min(...QUOTA_RULES[claim.area].map((rule) => rule.limit));
  // Of ten starts one stays for what the user opens meanwhile, which makes no export slower by much; of six each counts.
  const spared = limit >= 10 ? 1 : 0;
  const left = Math.min(limit, arm.http.unitsLeft(claim));
  return { now: Math.max(0, left - spared), aMinute: limit - spared };
}
