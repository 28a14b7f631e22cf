import type { Call, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import type { ArmClient } from './armClient.ts';

/**
 * Deletes a resource. 200 and 204 are success whatever they hold. When an answer was lost and the call is repeated, the
 * second one finds nothing (404): then the first one did it.
 */
export async function deleteResource(arm: ArmClient, call: Call, options: SendOptions = {}): Promise<void> {
  let repeated = false;
  const onWait: SendOptions['onWait'] = (wait) => {
    repeated ||= wait.reason === 'failure';
    options.onWait?.(wait);
  };
  try {
    await arm.http.send(call, () => undefined, { ...options, onWait });
  } catch (error) {
    if (!(repeated && error instanceof BillingError && error.status === 404)) {
      throw error;
    }
  }
}
