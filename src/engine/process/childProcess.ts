import { fork } from 'node:child_process';
import type { ChildSettings, FromChild, ToChild } from './messages.ts';

/** A child is asked so often whether it is alive. Milliseconds. */
const PING_EVERY = 10_000;

/**
 * A child that said nothing since so many of these questions is ended. Questions are counted and not time: while the machine sleeps, or this
 * process is busy, nobody asks.
 */
const MISSED = 6;

/** The process that holds the engine, as its parent sees it. */
export interface Child {
  readonly pid: number | undefined;
  /** Messages to a process that is gone are dropped: its end is told by itself. */
  send(message: ToChild): void;
  end(): Promise<void>;
}

/** What of the environment DuckDB and the dynamic linker may see: no secrets travel. */
const ENVIRONMENT = [
  'PATH',
  'HOME',
  'LD_LIBRARY_PATH',
  'LANG',
  'TMPDIR',
  'SystemRoot',
  'windir',
  'TEMP',
  'TMP',
  'USERPROFILE',
];

/** Starts the child. `onEnd` is called once, however it ends, with a word about how. */
export function startChild(
  module: string,
  settings: ChildSettings,
  { onMessage, onEnd }: { onMessage: (message: FromChild) => void; onEnd: (how: string) => void },
  pingEvery = PING_EVERY,
): Child {
  const env: NodeJS.ProcessEnv = { ELECTRON_RUN_AS_NODE: '1', UV_THREADPOOL_SIZE: '16' };
  for (const name of ENVIRONMENT) {
    if (process.env[name] !== undefined) {
      env[name] = process.env[name];
    }
  }
  const child = fork(module, [JSON.stringify(settings)], {
    env,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let unanswered = 0;
  let said = '';
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const finish = (how: string) => {
      if (!over) {
        over = true;
        clearInterval(timer);
        resolve();
        onEnd(how);
      }
    };
    child.once('exit', (code, signal) =>
      finish([signal ?? `code ${code}`, said.trim().slice(-300)].filter(Boolean).join(': ')),
    );
    child.once('error', (error) => finish(error.message));
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  child.on('message', (message) => {
    unanswered = 0;
    // The other side is this same program.
    onMessage(message as FromChild);
  });
  const send = (message: ToChild) => {
    if (child.connected) {
      child.send(message, () => undefined);
    }
  };
  const timer = setInterval(() => {
    if (unanswered >= MISSED) {
      child.kill('SIGKILL');
    } else {
      unanswered++;
      send({ do: 'ping' });
    }
  }, pingEvery);
  timer.unref();
  return {
    pid: child.pid,
    send,
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
