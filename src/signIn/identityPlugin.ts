import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { IdentityPlugin } from '@azure/identity';
import type { IdentityPluginPlace } from './credentialSpec.ts';

/** Whether a plug-in is in use, and why not. */
export type IdentityPluginState =
  | { used: true; name: string; version: string }
  | { used: false; installed: boolean; reason: string };

const PACKAGE = '@azure/identity-vscode';
/** 1.x reads a store that nothing writes any more, and the identity package refuses it since 4.11. */
const OLDEST = 2;

const loaded = new Map<string, Promise<IdentityPluginState>>();

/**
 * Hands a plug-in package to the identity package (`useIdentityPlugin`), so that the default chain can use the account of the
 * Azure Resources extension. Once per package and process. A package that is missing or does not fit is no error.
 */
export async function useIdentityPluginAt({ name = PACKAGE, from }: IdentityPluginPlace): Promise<IdentityPluginState> {
  const file = resolved(name, from);
  if (file === undefined) {
    return { used: false, installed: false, reason: `${name} is not installed.` };
  }
  let state = loaded.get(file);
  if (state === undefined) {
    state = load(name, file);
    loaded.set(file, state);
  }
  return state;
}

function resolved(name: string, from: readonly string[]): string | undefined {
  for (const folder of from) {
    try {
      return createRequire(join(folder, 'package.json')).resolve(name);
    } catch {
      // Not here; perhaps in the next folder.
    }
  }
  return undefined;
}

async function load(name: string, file: string): Promise<IdentityPluginState> {
  try {
    const version = await versionOf(name, file);
    if (version === undefined || Number.parseInt(version, 10) < OLDEST) {
      return {
        used: false,
        installed: true,
        reason: `${name} ${version ?? 'without a version'} is too old; ${OLDEST}.0.0 or newer is needed.`,
      };
    }
    const module: { vsCodePlugin?: unknown } = await import(pathToFileURL(file).href);
    if (!isPlugin(module.vsCodePlugin)) {
      return { used: false, installed: true, reason: `${name} ${version} has no vsCodePlugin.` };
    }
    const { useIdentityPlugin } = await import('@azure/identity');
    useIdentityPlugin(module.vsCodePlugin);
    return { used: true, name, version };
  } catch (error) {
    return {
      used: false,
      installed: true,
      reason: `${name} cannot be loaded (${error instanceof Error ? error.message : String(error)}).`,
    };
  }
}

/** A plug-in is a function that is given what it may set. */
function isPlugin(value: unknown): value is IdentityPlugin {
  return typeof value === 'function';
}

/** From the package.json that the entry file belongs to; `exports` may not let it be resolved by name. */
async function versionOf(name: string, file: string): Promise<string | undefined> {
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    const description = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    const entry =
      description === undefined ? undefined : (JSON.parse(description) as { name?: unknown; version?: unknown });
    if (entry?.name === name) {
      return typeof entry.version === 'string' ? entry.version : undefined;
    }
  }
  return undefined;
}
