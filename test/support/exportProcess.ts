import { createArmClient } from '../../src/api/arm/armClient.ts';
import { systemClock } from '../../src/api/http/clock.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { Jobs } from '../../src/jobs/jobs.ts';
import type { ExportRequest } from '../../src/jobs/jobTypes.ts';

/** What a process of its own exports. */
export interface ExportOrder {
  /** Address of the service. */
  base: string;
  /** Folder of the jobs. */
  folder: string;
  request: ExportRequest;
}

/**
 * A process that may be killed: resumes the export that it finds, or starts the one that it is told. Prints a line when it is at work,
 * and one when the file is there.
 */
const { base, folder, request } = JSON.parse(process.argv[2] ?? '') as ExportOrder;
const transport = createUndiciTransport();
const arm = createArmClient({ transport, base });
const jobs = new Jobs({
  folder,
  open: async () => ({ clients: { arm } }),
  clock: systemClock,
  onError: (error) => console.error(error),
  producedBy: { name: 'test', version: '1' },
  // Kills come much faster than crashes.
  pace: { bytes: 256 * 1024, milliseconds: 50 },
});
await jobs.load();
const left = jobs.list().find(({ state }) => state !== 'done');
console.log(JSON.stringify({ resumes: left?.state ?? null, rows: left?.rows ?? 0 }));
const job = left === undefined ? await jobs.start(request) : await jobs.resume(left.id);
const result = await job.done;
console.log(JSON.stringify({ done: result.rows }));
await jobs.dispose();
await transport.close();
