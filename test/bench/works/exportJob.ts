import { createArmClient } from '../../../src/api/arm/armClient.ts';
import { systemClock } from '../../../src/api/http/clock.ts';
import { createUndiciTransport } from '../../../src/api/http/undiciTransport.ts';
import { Jobs } from '../../../src/jobs/jobs.ts';
import type { ExportTarget } from '../../../src/jobs/jobTypes.ts';
import type { WorkDone, WorkInput } from './work.ts';

/** The whole of an export as the extension does it: plan, pieces side by side, journal, checksum, file and manifest. */
export async function exportJob(
  { base, scope, period, folder, file }: WorkInput,
  format: ExportTarget['format'],
  more: Partial<ExportTarget> = {},
): Promise<WorkDone> {
  if (file === undefined) {
    throw new Error('an export has a file');
  }
  const transport = createUndiciTransport();
  const clients = { arm: createArmClient({ transport, base }) };
  const jobs = new Jobs({
    folder,
    open: async () => ({ clients, pseudonymKey: new Uint8Array(32) }),
    clock: systemClock,
    onError: console.error,
    producedBy: { name: 'bench', version: '0' },
  });
  const job = await jobs.start({
    connection: 'bench',
    title: 'bench',
    source: { kind: 'usageDetails', scopes: [{ scope }], period },
    target: { file, format, formulaGuard: true, lineEnd: '\r\n', bom: false, ...more },
  });
  const { rows, bytes } = await job.done;
  await jobs.dispose();
  await transport.close();
  return { rows, bytes };
}
