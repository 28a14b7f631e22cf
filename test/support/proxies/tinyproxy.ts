import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, startProgram } from './program.ts';

/** A real proxy on this machine: Debian's tinyproxy, with a configuration of the test's own. */
export interface Tinyproxy {
  /** `host:port`. */
  address: string;
  /** What it was asked to reach, `host:port` each, in order, by its own log. */
  tunnels(): string[];
  stop(): Promise<void>;
}

export interface TinyproxyOptions {
  /** Whom it lets through; left out, everybody on this machine. */
  basicAuth?: { user: string; password: string };
  /** Patterns of the hosts that it does not connect to. */
  refused?: readonly string[];
}

/** Where it lies; undefined where it is not installed. */
export function findTinyproxy(): string | undefined {
  return findProgram('tinyproxy');
}

/** @throws Error with what it said when it does not start */
export async function startTinyproxy({ basicAuth, refused = [] }: TinyproxyOptions = {}): Promise<Tinyproxy> {
  const folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-tinyproxy-'));
  const inFolder = (name: string) => path.join(folder, name);
  const [configuration, log, filter] = [inFolder('conf'), inFolder('log'), inFolder('filter')];
  const clean = () => rmSync(folder, { recursive: true, force: true });
  try {
    writeFileSync(filter, refused.map((pattern) => `${pattern}\n`).join(''));
    const { address, stop } = await startProgram('tinyproxy', (port) => {
      const lines = [
        `Port ${port}`,
        'Listen 127.0.0.1',
        'Allow 127.0.0.1',
        'Timeout 60',
        `LogFile "${log}"`,
        'LogLevel Connect',
        ...(basicAuth === undefined ? [] : [`BasicAuth ${basicAuth.user} ${basicAuth.password}`]),
        ...(refused.length === 0 ? [] : [`Filter "${filter}"`, 'FilterExtended On']),
      ];
      writeFileSync(configuration, `${lines.join('\n')}\n`, { mode: 0o600 });
      return ['-d', '-c', configuration];
    });
    return {
      address,
      tunnels: () =>
        [...readFileSync(log, 'utf8').matchAll(/Request \(.*?\): CONNECT (\S+) /g)].map(([, host = '']) => host),
      async stop() {
        await stop();
        clean();
      },
    };
  } catch (error) {
    clean();
    throw error;
  }
}
