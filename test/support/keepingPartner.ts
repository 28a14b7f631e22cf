import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Workbench } from './editor/page.ts';
import { openPartner, type Partner, startPartner } from './partner.ts';

/** An editor on a folder of its own, with a store: made before the tests of a suite, tidied up between them. */
export interface KeepingPartner {
  readonly partner: Partner;
  readonly window: Workbench;
  /** The open folder. */
  readonly folder: string;
}

/** @param makeVsix makes the package to install in a folder; without it that of this machine is */
export function keepingPartner(
  usageRows: number,
  makeVsix?: (folder: string) => Promise<string>,
): () => KeepingPartner {
  let made: KeepingPartner | undefined;
  const there = () => {
    if (made === undefined) {
      throw new Error('the editor is not up');
    }
    return made;
  };
  before(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-kept-'));
    const settings = { 'azureBilling.store.limit': 5, 'files.simpleDialog.enable': true };
    const partner = await startPartner(usageRows, settings, await makeVsix?.(folder));
    made = { partner, folder, window: await openPartner(partner, { folder, viewport: { width: 1400, height: 900 } }) };
  });
  after(async () => {
    await made?.partner.close();
    if (made !== undefined) {
      rmSync(made.folder, { recursive: true, force: true });
    }
  });
  afterEach(async () => {
    await there().window.runCommand('View: Close All Editors');
    await there().window.runCommand('Notifications: Clear All Notifications');
  });
  return there;
}
