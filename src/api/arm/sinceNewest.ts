import type { ArmClient } from './armClient.ts';

/** The client for a call that older api-versions lack: sent with the first version that has it, whatever the client speaks. */
export function sinceNewest(arm: ArmClient): ArmClient {
  return { ...arm, versions: 'newest' };
}
