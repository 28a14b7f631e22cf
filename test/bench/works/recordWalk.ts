import { open } from 'node:fs/promises';
import { createArmClient } from '../../../src/api/arm/armClient.ts';
import { parseScope } from '../../../src/api/arm/scope.ts';
import { listUsageDetails } from '../../../src/api/arm/usageDetails.ts';
import { Rooms } from '../../../src/api/http/room.ts';
import { createUndiciTransport } from '../../../src/api/http/undiciTransport.ts';
import type { Format } from '../../../src/records/formats.ts';
import { PagesDocument } from '../../../src/usage/pagesDocument.ts';
import type { WorkDone, WorkInput } from './work.ts';

/** Our client, record walk and writer, without a plan: one list from its first page to its last. */
export async function walkRecords({ base, scope, period, file }: WorkInput, format: Format): Promise<WorkDone> {
  const transport = createUndiciTransport();
  const arm = createArmClient({ transport, base });
  const target = file === undefined ? undefined : await open(file, 'w');
  const document = new PagesDocument(format, {
    borrows: true,
    async write(chunk) {
      await target?.writeFile(chunk);
    },
  });
  for await (const page of listUsageDetails(arm, { scope: parseScope(scope), ...period }).rest({
    room: new Rooms().open().take,
  })) {
    await document.page(page.value);
  }
  await document.end();
  await target?.close();
  await transport.close();
  return { rows: document.rows, bytes: document.bytes };
}
