import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './editor/browser.ts';
import { installExtension, linkExtension } from './editor/extensions.ts';
import { type OpenOptions, openWorkbench, type Workbench } from './editor/page.ts';
import { provisionEditor } from './editor/provision.ts';
import { type Editor, type Settings, startEditor } from './editor/server.ts';
import { projectFolder } from './project.ts';

/** What a page test needs. */
export interface UiSessionOptions {
  /** A packaged extension to install; without it the project's own folder is linked, so it must have been built. */
  readonly vsix?: string;
  /** Folder of an unpacked extension to link instead of the project's own. */
  readonly extensionFolder?: string;
  /** Puts further extensions into the folder, before the editor has listed what is in it. */
  readonly prepare?: (extensionsDir: string) => Promise<void>;
  /** Absolute; an empty temporary folder when left out. */
  readonly workspace?: string;
  readonly settings?: Settings;
  readonly machineSettings?: Settings;
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders are opened in restricted mode until a person trusts them; left out, all are trusted. */
  readonly workspaceTrust?: boolean;
  /** How much the editor and its extensions write to their logs. */
  readonly logLevel?: 'trace';
}

/** An editor with the extension installed, and a browser to look at it. */
export interface UiSession {
  readonly editor: Editor;
  readonly browser: Browser;
  /** Opens a window that remembers nothing of any other. */
  open(options?: OpenOptions): Promise<Workbench>;
  close(): Promise<void>;
}

/** Starts everything a page test needs; `close` ends all of it. For mocha's `before` and `after`. */
export async function startUiSession(options: UiSessionOptions = {}): Promise<UiSession> {
  const { vsix, extensionFolder = projectFolder, prepare, workspace, machineSettings, ...editorOptions } = options;
  const installation = await provisionEditor(console.log);
  const folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-ui-'));
  const extensionsDir = path.join(folder, 'extensions');
  const cleanup: Array<() => Promise<void>> = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of cleanup.splice(0).reverse()) await step();
  };
  try {
    await prepare?.(extensionsDir);
    if (vsix === undefined) await linkExtension(extensionFolder, extensionsDir);
    else await installExtension(installation, vsix, extensionsDir);
    const editor = await startEditor({
      ...editorOptions,
      // Tests that count requests, or want a fault to be seen, are about what is fetched; those of the store turn it on.
      machineSettings: { 'azureBilling.store.limit': 0, ...machineSettings },
      installation,
      extensionsDir,
      workspace: workspace ?? mkdtempSync(path.join(folder, 'workspace-')),
    });
    cleanup.push(() => editor.stop());
    const browser = await launchBrowser();
    cleanup.push(() => browser.close());
    return { editor, browser, open: (openOptions) => openWorkbench(browser, editor, openOptions), close };
  } catch (error) {
    await close();
    throw error;
  }
}
