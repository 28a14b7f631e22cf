import type { ThrottleCounts } from '../../../src/sample/throttle.ts';
import { type BenchScope, type ServiceSettings, startBenchService } from './benchService.ts';

/** What the process of the service is told, and what it answers. */
export type ServiceMessage =
  | { set: ServiceSettings }
  | { ask: 'throttled' }
  | { ask: 'customer' | 'subscription'; rows: number };
export type ServiceAnswer = { base: string } | { done: true } | { throttled: ThrottleCounts } | BenchScope;

const service = await startBenchService();
const answer = (told: ServiceAnswer) => process.send?.(told);

process.on('message', (message: ServiceMessage) => {
  if ('set' in message) {
    service.set(message.set);
    answer({ done: true });
  } else if (message.ask === 'throttled') {
    answer({ throttled: service.throttled() });
  } else {
    answer(service[message.ask](message.rows));
  }
});
// Nobody is left to serve.
process.on('disconnect', () => process.exit());
answer({ base: service.base });
