import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { linkExtension } from '../editor/extensions.ts';
import { projectFolder } from '../project.ts';

/** What a test tells the extension inside the editor. */
export type HostCall =
  | { do: 'command'; id: string; arguments: unknown[] }
  /** Who signs in next, when somebody is asked. */
  | { do: 'next'; account: string }
  /** The account is taken out of the editor, as by its Accounts menu. */
  | { do: 'signOut'; account: string }
  | { do: 'asked' }
  | { do: 'setting'; name: string };

export type HostReply = { value: unknown; error?: undefined } | { value?: undefined; error: string };

/** What the provider was asked for. */
export interface Asked {
  how: 'silent' | 'person';
  scopes: readonly string[];
  account: string | undefined;
}

/** Builds the extension into a folder and makes it count as installed. */
export async function installAuthExtension(folder: string, extensionsDir: string): Promise<void> {
  const source = path.join(projectFolder, 'test/support/authExtension');
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [path.join(source, 'extension.ts')],
    outfile: path.join(folder, 'extension.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'warning',
  });
  await copyFile(path.join(source, 'package.json'), path.join(folder, 'package.json'));
  await linkExtension(folder, extensionsDir);
}

/** Speaks to the extension of the window that started last. */
export class HostControl {
  readonly file: string;

  constructor(folder: string) {
    this.file = path.join(folder, 'control');
  }

  async #send(call: HostCall): Promise<unknown> {
    const deadline = Date.now() + 60_000;
    while (!existsSync(this.file) || readFileSync(this.file, 'utf8') === '') {
      if (Date.now() > deadline) {
        throw new Error('The test extension did not start.');
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const response = await fetch(`http://127.0.0.1:${readFileSync(this.file, 'utf8')}`, {
      method: 'POST',
      body: JSON.stringify(call),
    });
    const { value, error } = (await response.json()) as HostReply;
    if (error !== undefined) {
      throw new Error(error);
    }
    return value;
  }

  /** Runs a command in the extension host. What it returns comes as JSON. */
  command<T>(id: string, ...args: unknown[]): Promise<T> {
    return this.#send({ do: 'command', id, arguments: args }) as Promise<T>;
  }

  async next(account: string): Promise<void> {
    await this.#send({ do: 'next', account });
  }

  async signOut(account: string): Promise<void> {
    await this.#send({ do: 'signOut', account });
  }

  /** Everything that the provider was asked for, oldest first. */
  asked(): Promise<Asked[]> {
    return this.#send({ do: 'asked' }) as Promise<Asked[]>;
  }

  /** A setting as extensions see it. */
  setting<T>(name: string): Promise<T> {
    return this.#send({ do: 'setting', name }) as Promise<T>;
  }
}
