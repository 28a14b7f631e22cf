import path from 'node:path';
import type * as vscode from 'vscode';
import { ProcessEngine } from '../engine/process/processEngine.ts';
import { setting } from './commands.ts';

/** What the engine of a window is made from. */
export interface EngineParts {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
}

let engine: ProcessEngine | undefined;

/**
 * The one engine of this window: all features ask the same process. It is made, and starts in the background, when it is first wanted, so load this
 * file then. A memory limit that is changed holds from the next start of the window on.
 */
export function sharedEngine(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): ProcessEngine {
  if (engine === undefined) {
    const { extensionPath, globalStorageUri, subscriptions } = context;
    const made = new ProcessEngine({
      childModule: path.join(extensionPath, 'dist/engine/child.js'),
      scratch: path.join(globalStorageUri.fsPath, 'engine'),
      memoryLimit: setting('azureBilling.engine.memoryLimit'),
      onDeath: (how) => log.warn(`The engine ended: ${how}. It is started again when it is needed.`),
    });
    engine = made;
    subscriptions.push({ dispose: () => void made.close() });
    made.warm();
  }
  return engine;
}

/**
 * The same, once it takes questions. Commands whose answer needs it wait for it before they fetch anything: what was fetched for minutes
 * would be of no use without it.
 *
 * @throws EngineMissing that says why there is none, and what works all the same; EngineError when it cannot be started
 */
export async function requireEngine({ context, log }: EngineParts): Promise<ProcessEngine> {
  const shared = sharedEngine(context, log);
  await shared.started();
  return shared;
}
