import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheRoot, codeServerVersion, type EditorPaths, editorPaths, installationPaths } from './cachePaths.ts';
import { atEndOfProcess, killGroup } from './childGroups.ts';
import { withoutNpmRun, withoutOuterEditor } from './environment.ts';
import { acquireLock } from './folderLock.ts';
import { run } from './run.ts';

/** Debian packages without which the editor's native parts cannot be compiled. */
const buildPackages = ['python3', 'make', 'g++', 'pkg-config', 'libkrb5-dev', 'libsecret-1-dev'] as const;

/** A VS Code server that is ready to start. All paths are absolute. */
export interface ProvisionedEditor {
  /** The Node executable that its native parts were compiled for; nothing else may run `serverMain`. */
  readonly node: string;
  readonly serverMain: string;
  /** Version of the VS Code inside, for example `1.139.1`. */
  readonly version: string;
}

const requiredNodeMajor = 24;

function nodePackageName(): string {
  // The npm package `node` fetches its binaries from packages that are named this way.
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return [prefix, process.platform, process.arch].join('-');
}

/** Binaries and C headers of the running Node, when npm left the nested package of the dev dependency in place. */
function nodeInCheckout(): string | undefined {
  const modules = path.resolve(import.meta.dirname, '../../../node_modules');
  const name = nodePackageName();
  const candidates = [path.join(modules, 'node', 'node_modules', name), path.join(modules, name)];
  return candidates.find(
    (folder) =>
      existsSync(path.join(folder, 'bin', 'node')) &&
      existsSync(path.join(folder, 'include', 'node', 'node.h')) &&
      packageVersionIs(folder, process.versions.node),
  );
}

function packageVersionIs(folder: string, version: string): boolean {
  // The folder name carries no version, and an upgrade may leave an old nested package behind.
  return readFileSync(path.join(folder, 'package.json'), 'utf8').includes(`"${version}"`);
}

interface Step {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Runs one command of the installation; its whole output goes to the log, its tail into the error. */
async function runStep(step: Step, log: string): Promise<void> {
  const commandLine = [path.basename(step.command), ...step.args].join(' ');
  const stream = createWriteStream(log, { flags: 'a' });
  stream.write(`$ ${commandLine}\n`);
  const child = spawn(step.command, step.args, {
    cwd: step.cwd,
    env: step.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  // Left alone, npm would go on writing into a folder that the next attempt begins by emptying.
  const callOff = atEndOfProcess(() => killGroup(child));
  const { outcome, tail } = await run(child, (text) => stream.write(text));
  callOff();
  await new Promise<void>((resolve) => stream.end(resolve));
  if (outcome === 0) return;
  throw new Error(
    [
      `The editor for the tests could not be installed: "${commandLine}" ended with ${outcome}.`,
      ...tail.slice(-20).map((line) => `    ${line}`),
      `The whole output is in ${log}.`,
      `Its native parts need these Debian packages: ${buildPackages.join(' ')}.`,
    ].join('\n'),
  );
}

function npmEnvironment(additions: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...withoutOuterEditor(withoutNpmRun(process.env)),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    // The postinstall scripts compile the native parts; a user's npmrc may forbid scripts, and newer npm asks for consent.
    npm_config_ignore_scripts: 'false',
    npm_config_dangerously_allow_all_scripts: 'true',
    ...additions,
  };
}

async function bringNode(paths: EditorPaths): Promise<void> {
  const { nodeFolder } = installationPaths(paths.staging);
  let source = nodeInCheckout();
  if (source === undefined) {
    // A later `npm install` prunes the nested package that the dev dependency unpacked, so its absence is usual.
    const folder = path.join(paths.staging, 'node-package');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{"private":true}');
    const wanted = `${nodePackageName()}@${process.versions.node}`;
    await runStep(
      { command: 'npm', args: ['install', '--no-package-lock', wanted], cwd: folder, environment: npmEnvironment({}) },
      paths.log,
    );
    source = path.join(folder, 'node_modules', nodePackageName());
  }
  for (const part of ['bin', 'include']) {
    await cp(path.join(source, part), path.join(nodeFolder, part), { recursive: true, dereference: true });
  }
  await rm(path.join(paths.staging, 'node-package'), { recursive: true, force: true });
}

async function installEditor(paths: EditorPaths): Promise<void> {
  const { nodeFolder } = installationPaths(paths.staging);
  await writeFile(path.join(paths.staging, 'package.json'), '{"private":true}');
  const environment = npmEnvironment({
    PATH: [path.join(nodeFolder, 'bin'), process.env.PATH ?? ''].join(path.delimiter),
    // Headers of exactly this Node; without them node-gyp would download them from a host of its own.
    npm_config_nodedir: nodeFolder,
  });
  await runStep(
    {
      command: 'npm',
      args: ['install', '--no-package-lock', '--omit=dev', `code-server@${codeServerVersion}`],
      cwd: paths.staging,
      environment,
    },
    paths.log,
  );
}

/** Starting the server's own version switch proves that Node, the scripts and the package fit together. */
async function askVersion(node: string, serverMain: string): Promise<string> {
  const child = spawn(node, [serverMain, '--version'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { outcome, tail } = await run(child);
  const version = tail.find((line) => /^\d+\.\d+\.\d+$/.test(line));
  if (outcome !== 0 || version === undefined) {
    throw new Error(
      `The installed editor does not start: "${node} ${serverMain} --version" ended with ${outcome}.\n${tail.join('\n')}`,
    );
  }
  return version;
}

async function ready(paths: EditorPaths): Promise<ProvisionedEditor | undefined> {
  try {
    const marker: unknown = JSON.parse(await readFile(path.join(paths.root, 'ready.json'), 'utf8'));
    const version = typeof marker === 'object' && marker !== null && 'version' in marker ? marker.version : undefined;
    const { node, serverMain } = installationPaths(paths.root);
    return typeof version === 'string' && existsSync(node) && existsSync(serverMain)
      ? { node, serverMain, version }
      : undefined;
  } catch {
    return undefined;
  }
}

async function install(paths: EditorPaths, report: (line: string) => void): Promise<ProvisionedEditor> {
  report(`Installing the editor for the tests (code-server ${codeServerVersion}) into ${paths.root}.`);
  report('This happens once, takes about four minutes and 800 MB.');
  const started = performance.now();
  await rm(paths.staging, { recursive: true, force: true });
  await rm(paths.root, { recursive: true, force: true });
  await rm(paths.log, { force: true });
  await mkdir(paths.staging, { recursive: true });
  await bringNode(paths);
  await installEditor(paths);
  const staged = installationPaths(paths.staging);
  const version = await askVersion(staged.node, staged.serverMain);
  await writeFile(path.join(paths.staging, 'ready.json'), JSON.stringify({ version, codeServer: codeServerVersion }));
  await rename(paths.staging, paths.root);
  await rm(paths.log, { force: true });
  report(`VS Code ${version} is installed (${Math.round((performance.now() - started) / 1000)} s).`);
  const { node, serverMain } = installationPaths(paths.root);
  return { node, serverMain, version };
}

/**
 * Makes sure that the editor of the tests is installed, once per user, Node version and editor version, in the user's
 * cache. A second process that asks meanwhile waits for the first. Nothing comes from anywhere but the npm registry.
 * @param report receives one sentence at a time, only when there is something to wait for
 * @throws Error that says which command failed, what it printed last, and which system packages the build needs
 */
export async function provisionEditor(report: (line: string) => void): Promise<ProvisionedEditor> {
  if (!process.version.startsWith(`v${requiredNodeMajor}.`)) {
    throw new Error(
      `The editor for the tests needs Node ${requiredNodeMajor}, and this is ${process.version}: start it through an npm script, which puts the project's own Node first.`,
    );
  }
  const paths = editorPaths(cacheRoot(process.env), process.versions.node);
  const present = await ready(paths);
  if (present !== undefined) return present;
  const lock = await acquireLock(paths.lock, (pid) =>
    report(
      `Another process${pid === undefined ? '' : ` (${pid})`} is installing the editor for the tests; waiting for it.`,
    ),
  );
  try {
    return (await ready(paths)) ?? (await install(paths, report));
  } finally {
    await lock.release();
  }
}
