import { mkdir } from 'node:fs/promises';
import type { ChildSettings, FromChild, ToChild } from './messages.ts';

/**
 * The process that holds the engine. It is started with its settings as JSON, speaks by messages, and ends with its parent at once, whatever
 * DuckDB's threads do.
 */
let forsake = (): void => {};
const end = () => {
  forsake();
  process.kill(process.pid, 'SIGKILL');
};
process.once('disconnect', end);

const send = (message: FromChild) => {
  process.send?.(message, undefined, undefined, () => undefined);
};

// Settings come from the parent, which is this same program. A disk that fails ends the process, which is started again.
const settings = JSON.parse(process.argv[2] ?? '') as ChildSettings;
await mkdir(settings.scratch, { recursive: true });
try {
  const { Answers } = await import('./answers.ts');
  const answers = new Answers(settings, send);
  forsake = () => answers.forsake();
  process.on('message', (message: ToChild) => {
    switch (message.do) {
      case 'ask':
        void answers.ask(message.id, message.ask);
        break;
      case 'more':
        answers.more(message.id);
        break;
      case 'cancel':
        answers.cancel(message.id);
        break;
      case 'release':
        void answers.release(message.ground);
        break;
      case 'ping':
        send({ is: 'pong' });
    }
  });
  send({ is: 'ready' });
} catch (error) {
  process.send?.({ is: 'missing', why: String(error) } satisfies FromChild, undefined, undefined, end);
}
