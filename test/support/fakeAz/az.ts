import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AzState } from './fakeAz.ts';

// What `az` runs: it answers like the Azure CLI, as far as a client asks it for tokens. Its state lies beside the executable.

const [, , folder = '', ...given] = process.argv;
const stateFile = join(folder, 'state.json');
const state = JSON.parse(readFileSync(stateFile, 'utf8')) as AzState;
appendFileSync(join(folder, 'calls.ndjson'), `${JSON.stringify(given)}\n`);

const { values, positionals } = parseArgs({
  args: given,
  allowPositionals: true,
  options: {
    output: { type: 'string' },
    resource: { type: 'string' },
    scope: { type: 'string' },
    tenant: { type: 'string' },
  },
});

switch (positionals.join(' ')) {
  case 'account get-access-token':
    token();
    break;
  case 'version':
    print({ 'azure-cli': '2.81.0', 'azure-cli-core': '2.81.0', extensions: {} });
    break;
  default:
    fail(`'${positionals.join(' ')}' is misspelled or not recognized by the system.`, 2);
}

function token(): void {
  if (state.kind === 'silent') {
    // Until the test takes it away.
    setInterval(() => existsSync(stateFile) || process.exit(1), 50);
    return;
  }
  if (state.kind === 'notSignedIn') {
    fail("Please run 'az login' to setup account.");
    return;
  }
  if (state.kind === 'fails') {
    fail(state.message);
    return;
  }
  const tenant = values.tenant ?? state.tenants[0] ?? '';
  if (!state.tenants.includes(tenant)) {
    fail(
      `AADSTS50020: User account '${state.account}' from identity provider 'https://sts.example/' does not exist in tenant '${tenant}' and cannot access the application. Trace ID: 9f6c1d1e-5a0b-4c3d-8e2f-7a6b5c4d3e2f Correlation ID: 1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809 Timestamp: 2026-11-21 12:00:00Z`,
    );
    return;
  }
  if (state.warning !== undefined) {
    process.stderr.write(`WARNING: ${state.warning}\n`);
  }
  const expires = new Date(Date.now() + state.lifetime * 1000);
  print({
    accessToken: `az-token-for-${values.resource}-in-${tenant}`,
    // Local time without a zone, as older clients read it; the number is the same instant.
    expiresOn: expires.toISOString().replace('T', ' ').replace('Z', '000'),
    expires_on: Math.floor(expires.getTime() / 1000),
    subscription: '00000000-0000-0000-0000-000000000000',
    tenant,
    tokenType: 'Bearer',
  });
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

function fail(message: string, code = 1): void {
  process.stderr.write(`ERROR: ${message}\n`);
  process.exitCode = code;
}
