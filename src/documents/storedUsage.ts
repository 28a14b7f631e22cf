import type { ArmClient } from '../api/arm/armClient.ts';
import { scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { Sink } from '../records/output.ts';
import { type KeptPart, keptPart } from '../store/keptPart.ts';
import { readStored } from '../store/readStored.ts';
import type { Asker, StoredSource, StoredUsage } from '../store/readTypes.ts';
import type { Store } from '../store/store.ts';
import { DIFFERENT_SOURCES, writeStored } from '../store/writeStored.ts';
import type { BuildOptions } from '../usage/sharedBuild.ts';
import type { UsageReport, UsageRequest } from '../usage/writeUsage.ts';

/** The store, who asks, and who is told when the disk fails. */
export interface StoredUsageSource {
  store: Store;
  asker: Asker;
  failed(error: unknown): void;
}

/** Months as they are, or days of them. */
type Readable = Pick<StoredUsage, 'tables' | 'release'> & Partial<Pick<KeptPart, 'days'>>;

/**
 * Writes usage out of the store, fetching into it the months that it does not have: byte for byte what a fetch would write. Days that are no
 * whole months come from months that are kept; no month is fetched for them.
 *
 * @returns undefined when the service has to be asked: for days of months that are not kept or not fresh, or months whose columns differ
 * @throws BillingError as any fetch; the signal's reason
 */
export async function writeStoredUsage(
  { store, asker, failed }: StoredUsageSource,
  { scope, period, metric, only, format }: Omit<UsageRequest, 'arm'>,
  arm: ArmClient,
  sink: Sink,
  { anew, onEstimate, ...options }: BuildOptions & { anew: boolean },
): Promise<UsageReport | undefined> {
  const source: StoredSource = {
    kind: 'usageDetails',
    scopes: [{ scope: scopePath(scope) }],
    ...(period && { period }),
    ...(metric && { metric }),
  };
  const now = new Date();
  let isAsked = false;
  const months = readStored(store, asker, source, { arm }, now, {
    ...options,
    anew,
    onEstimate: async (estimate, months) => {
      if (!isAsked) {
        isAsked = true;
        // The other months are taken to be like this one.
        const all = { calls: estimate.calls * months, seconds: estimate.seconds * months };
        await onEstimate?.({ ...estimate, ...all, known: estimate.known && months === 1 });
      }
    },
  });
  const reading = months.then<Readable | undefined>((whole) => whole ?? keptPart(store, asker, source, now, { anew }));
  const usage = await reading.catch((error: unknown) => {
    if (error instanceof BillingError || options.signal?.aborted === true) {
      throw error;
    }
    // A disk that fails is no reason to show nothing: the service is asked.
    failed(error);
    return undefined;
  });
  if (usage === undefined) {
    return undefined;
  }
  try {
    return await writeStored(store, usage, format, sink, { only, days: usage.days, signal: options.signal });
  } catch (error) {
    // Its months came from different sources: only a fetch of the whole has the same columns throughout.
    if (error instanceof BillingError && error.code === DIFFERENT_SOURCES) {
      return undefined;
    }
    throw error;
  } finally {
    await usage.release();
  }
}
