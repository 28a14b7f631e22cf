import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A proxy from the system's packages, running on this machine. */
export interface ProxyProgram {
  /** `host:port`. */
  address: string;
  /** What it printed. */
  said(): string;
  stop(): Promise<void>;
}

/** Where a program lies; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/sbin'];
  return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts it at a free port of the loopback interface.
 *
 * @throws Error with what it said when it does not start
 */
export async function startProgram(name: string, argumentsFor: (port: number) => string[]): Promise<ProxyProgram> {
  const program = findProgram(name);
  if (program === undefined) {
    throw new Error(`${name} is not installed.`);
  }
  const port = await freePort();
  const child = spawn(program, argumentsFor(port), { stdio: ['ignore', 'pipe', 'pipe'] });
  const pieces: string[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece.toString()));
  child.stderr.on('data', (piece: Buffer) => pieces.push(piece.toString()));
  const said = () => pieces.join('');
  // It must not outlive the tests.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      kill();
      await ended;
    }
  };
  try {
    await answering(port, () => child.exitCode !== null);
  } catch {
    await stop();
    throw new Error(`${name} did not start: ${said()}`);
  }
  return { address: `127.0.0.1:${port}`, said, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answering(port: number, ended: () => boolean): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      if (ended()) {
        throw new Error('It ended.');
      }
      await delay(20);
    } finally {
      socket.destroy();
    }
  }
}
