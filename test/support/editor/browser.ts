import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const executableNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The Chromium that the page tests use: the variable `CHROMIUM`, else one of the usual names in `/usr/bin` and on `PATH`.
 * @throws Error that names the package to install
 */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const configured = environment.CHROMIUM;
  if (configured !== undefined && configured !== '') {
    if (isExecutable(configured)) return configured;
    throw new Error(`CHROMIUM names ${configured}, which is not an executable file.`);
  }
  const folders = ['/usr/bin', ...(environment.PATH ?? '').split(path.delimiter)].filter((folder) => folder !== '');
  const found = executableNames
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => isExecutable(file));
  if (found !== undefined) return found;
  throw new Error(
    'No Chromium was found: install the Debian packages "chromium" and "fonts-dejavu-core", or set CHROMIUM to its executable.',
  );
}

/** Starts a headless Chromium that talks to nobody but the pages it is sent to. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      // Containers give Chromium no namespaces to build its sandbox from, and the only pages here are our own.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
