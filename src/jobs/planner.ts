import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { ExportClients, ExportSource } from '../usage/plan/exportSource.ts';
import { type KeptPlan, keepPlan, type Plan } from '../usage/plan/plan.ts';
import { planExport, reopenPlan } from '../usage/plan/planExport.ts';
import type { JobFolder } from './jobFolder.ts';

/** How exports are planned. */
export interface Planner {
  plan(source: ExportSource, clients: ExportClients, options: SendOptions): Promise<Plan>;
  reopen(kept: KeptPlan, clients: ExportClients): Plan;
}

export const planner: Planner = { plan: planExport, reopen: reopenPlan };

/**
 * The plan of a job: the one that its rows were fetched by so far, or a new one.
 *
 * @throws BillingError; Error with a sentence for the user; the signal's reason
 */
export async function planJob(
  folder: JobFolder,
  source: ExportSource,
  clients: ExportClients,
  { plan: make, reopen }: Planner,
  options: SendOptions,
): Promise<{ plan: Plan; isNew: boolean }> {
  const kept = await folder.readPlan();
  if (kept === undefined) {
    return { plan: await make(source, clients, options), isNew: true };
  }
  const plan = reopen(kept, clients);
  const isSame =
    plan.pieces.length === kept.pieces.length && plan.pieces.every(({ id }, i) => id === kept.pieces[i]?.id);
  if (!isSame) {
    throw new BillingError('argument', 'The export was begun by another version and cannot go on.', {
      advice: 'Cancel it and export anew.',
    });
  }
  return { plan, isNew: false };
}

/** Remembers how a job is fetched; to be called before anything of it is written. @throws Error with a sentence for the user */
export async function keepJobPlan(folder: JobFolder, plan: Plan): Promise<void> {
  await folder.keepPlan(keepPlan(plan));
}
