import { parseArgs } from 'node:util';
import { parseIsoDay } from './calendar.ts';
import { CALLER_ROLES } from './callers.ts';
import { type SampleOptions, startSampleService } from './service.ts';
import { THROTTLE_POLICIES } from './throttle.ts';

const USAGE_ERROR = 2;

const NUMBERS = {
  port: 'port',
  customers: 'customers',
  'usage-rows': 'usageRows',
  seed: 'seed',
  latency: 'latency',
} as const;

const SWITCHES = '--port, --customers, --usage-rows, --seed, --latency, --now, --throttle, --caller and --fault';

/** Reads the switches; throws an Error with one sentence for an unknown or malformed one. */
function readSwitches(args: readonly string[]): SampleOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      port: text,
      customers: text,
      'usage-rows': text,
      seed: text,
      latency: text,
      now: text,
      throttle: text,
      caller: text,
      fault: text,
    },
  });
  const options: SampleOptions = {};
  for (const [name, field] of Object.entries(NUMBERS) as [
    keyof typeof NUMBERS,
    (typeof NUMBERS)[keyof typeof NUMBERS],
  ][]) {
    const value = values[name];
    if (value === undefined) continue;
    if (!/^-?\d{1,15}$/.test(value))
      throw new RangeError(`--${name} must be a whole number, not ${JSON.stringify(value)}.`);
    options[field] = Number(value);
  }
  if (values.now !== undefined) {
    const day = parseIsoDay(values.now);
    if (day === undefined)
      throw new RangeError(`--now must be a date such as 2026-11-21, not ${JSON.stringify(values.now)}.`);
    options.now = new Date(`${values.now}T12:00:00Z`);
  }
  if (values.throttle !== undefined) {
    const policy = THROTTLE_POLICIES.find((name) => name === values.throttle);
    if (policy === undefined) {
      throw new RangeError(
        `--throttle must be ${THROTTLE_POLICIES.join(' or ')}, not ${JSON.stringify(values.throttle)}.`,
      );
    }
    options.throttle = policy;
  }
  if (values.caller !== undefined) {
    const role = CALLER_ROLES.find((name) => name === values.caller);
    if (role === undefined) {
      throw new RangeError(`--caller must be one of ${CALLER_ROLES.join(', ')}, not ${JSON.stringify(values.caller)}.`);
    }
    options.caller = role;
  }
  if (values.fault !== undefined) options.fault = values.fault;
  return options;
}

try {
  const service = await startSampleService(readSwitches(process.argv.slice(2)));
  console.log(JSON.stringify(service.endpoints));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void service.close());
  }
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(error instanceof TypeError ? `${message.split(/\.\s/)[0]}. The switches are ${SWITCHES}.` : message);
  const mistaken = error instanceof RangeError || error instanceof TypeError;
  process.exitCode = mistaken ? USAGE_ERROR : 1;
}
