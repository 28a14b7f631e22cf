import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { OpenOptions, Workbench } from './editor/page.ts';
import type { Settings } from './editor/server.ts';
import { vsixFile } from './packageExtension.ts';
import { startUiSession, type UiSession } from './uiSession.ts';

/** An editor whose only connection, `Partner`, is a sample tenant of twelve customers. */
export interface Partner {
  readonly service: SampleService;
  readonly session: UiSession;
  close(): Promise<void>;
}

/**
 * @param settings further ones of the machine
 * @param vsix the package that is installed, when it is not that of this machine
 */
export async function startPartner(usageRows = 8_000, settings: Settings = {}, vsix = vsixFile): Promise<Partner> {
  const service = await startSampleService({ customers: 12, usageRows, now: new Date() });
  const { resourceManager } = service.endpoints;
  const session = await startUiSession({
    vsix,
    machineSettings: {
      ...settings,
      'azureBilling.connections': [
        { name: 'Partner', cloud: 'custom', credential: 'none', endpoints: { resourceManager } },
      ],
    },
  });
  return {
    service,
    session,
    async close() {
      await session.close();
      await service.close();
    },
  };
}

/** A window with the customers of the first account in sight. */
export async function openPartner({ session }: Partner, options: OpenOptions): Promise<Workbench> {
  const window = await session.open(options);
  await openCustomers(window);
  return window;
}

/** Opens the tree down to the customers of the first account; a reload collapses it. */
export async function openCustomers(window: Workbench): Promise<void> {
  await window.openView('Azure Billing');
  await window.expand('Partner');
  await window.expand('Harbourlight Cloud Partners', { level: 2 });
  await window.expand('Customers', { level: 3 });
}
