import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostDetailsReport, generateCostDetails, type ReportOptions } from '../api/arm/costDetails.ts';
import { BillingError } from '../api/http/errors.ts';
import type { ReportRequest } from './replacement.ts';

/** Reports are written within minutes; one that is not ready by then is given up. Milliseconds. */
const PATIENCE = 60 * 60_000;

/**
 * Has one Cost Details report written and waits for it, but not for ever: an operation that never ends would keep a document
 * in the air until somebody noticed.
 *
 * @param today the current day, `YYYY-MM-DD`, UTC
 * @throws as `generateCostDetails`; BillingError of kind `unreachable` when the report does not get ready
 */
export function generateReport(
  arm: ArmClient,
  { scope, request }: ReportRequest,
  today: string,
  options: ReportOptions,
): Promise<CostDetailsReport> {
  const { clock } = arm.http;
  const late = new AbortController();
  let started: number | undefined;
  return generateCostDetails(arm, scope, request, today, {
    ...options,
    signal: options.signal === undefined ? late.signal : AbortSignal.any([options.signal, late.signal]),
    onWait(wait) {
      options.onWait?.(wait);
      if (wait.reason === 'operation') {
        // Waits for a limit come before the report is begun, and may be long by right.
        started ??= clock.now();
        if (clock.now() - started + wait.milliseconds > PATIENCE) {
          late.abort(neverReady());
        }
      }
    },
  });
}

function neverReady(): BillingError {
  return new BillingError('unreachable', 'Generate cost details report failed: it was not ready within an hour.', {
    advice: 'Try a shorter period, or an export for large amounts.',
  });
}
