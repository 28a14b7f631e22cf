import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** Root of this machine, or of a user namespace: mounts need it. */
const UNSHARE = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];
const UPDATE = '/usr/sbin/update-ca-certificates';

/** Why a process cannot be given a system store of its own here; undefined when it can. */
export function noSystemStore(): string | undefined {
  if (!existsSync(UPDATE)) {
    return 'update-ca-certificates is not here (Debian: apt-get install ca-certificates)';
  }
  try {
    execFileSync('unshare', [...UNSHARE, 'true'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'this machine allows no mount namespaces';
  }
}

/**
 * Runs a module in a process whose system store has one authority more, put there as an administrator does it. The store is the
 * system's at its usual place, seen by this process and its children alone: the machine stays as it is.
 *
 * @returns what it printed
 */
export async function runWithSystemAuthority(authority: string, module: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-store-'));
  writeFileSync(path.join(folder, 'authority.crt'), authority);
  const script = [
    'cp -a /etc/ssl/certs "$1/certs"',
    'mkdir "$1/local"',
    'cp "$1/authority.crt" "$1/local/"',
    'mount --bind "$1/certs" /etc/ssl/certs',
    'mount --bind "$1/local" /usr/local/share/ca-certificates',
    `${UPDATE} >&2`,
    'exec "$2" --input-type=module -e "$3"',
  ].join(' && ');
  // Variables that name other stores would hide this one.
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/CERT/i.test(name)));
  try {
    const child = spawn('unshare', [...UNSHARE, 'sh', '-c', script, 'sh', folder, process.execPath, module], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    if (code !== 0) {
      throw new Error(`The process with its own system store ended with ${code}: ${complaints}`);
    }
    return out.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
