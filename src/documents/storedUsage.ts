import type { ArmClient } from '../api/arm/armClient.ts';
import { scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { Sink } from '../records/output.ts';
import { readStored } from '../store/readStored.ts';
import type { Asker, StoredSource } from '../store/readTypes.ts';
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

/**
 * Writes usage out of the store, fetching into it the months that it does not have: byte for byte what a fetch would write.
 *
 * @returns undefined when the store cannot hold it: a part of a closed month, or months whose columns differ
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
  let isAsked = false;
  const reading = readStored(store, asker, source, { arm }, new Date(), {
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
    return await writeStored(store, usage, format, sink, { only, signal: options.signal });
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
