import type { ArmClient } from '../api/arm/armClient.ts';

/** What downloads need of the connections. */
export interface ConnectionSource {
  list(): { name: string; problem?: string }[];
  arm(name: string): Promise<ArmClient>;
}
