import { homedir } from 'node:os';
import path from 'node:path';

/** The npm release of code-server that carries the editor under test. Raising it makes a new cache folder by itself. */
export const codeServerVersion = '4.139.1';

/** Every absolute path that one provisioned editor occupies. */
export interface EditorPaths {
  /** The finished installation; it exists only when it is complete. */
  readonly root: string;
  /** Where the installation is built; renamed to `root` at the end, so it lies beside it. */
  readonly staging: string;
  readonly lock: string;
  /** npm's output of a failed installation; absent after a good one. */
  readonly log: string;
}

/** Paths inside an installation folder, finished or staging. */
export interface InstallationPaths {
  readonly nodeFolder: string;
  readonly node: string;
  readonly packageFolder: string;
  readonly serverMain: string;
}

/**
 * The folder of this project in the user's cache: `$XDG_CACHE_HOME` when it is an absolute path (the XDG Base Directory
 * Specification tells readers to ignore relative ones), else `~/.cache`.
 */
export function cacheRoot(environment: NodeJS.ProcessEnv, home: string = homedir()): string {
  const configured = environment.XDG_CACHE_HOME;
  const base = configured !== undefined && path.isAbsolute(configured) ? configured : path.join(home, '.cache');
  return path.join(base, 'azure-billing-explorer');
}

/** The paths of the editor built for one Node version (with or without the leading `v`) below a cache root. */
export function editorPaths(root: string, nodeVersion: string, editorVersion: string = codeServerVersion): EditorPaths {
  const folder = path.join(root, `editor-${editorVersion}-node-${nodeVersion.replace(/^v/, '')}`);
  return { root: folder, staging: `${folder}.installing`, lock: `${folder}.lock`, log: `${folder}.log` };
}

/** Where the parts lie inside an installation folder. */
export function installationPaths(folder: string): InstallationPaths {
  const nodeFolder = path.join(folder, 'node');
  const packageFolder = path.join(folder, 'node_modules', 'code-server');
  return {
    nodeFolder,
    node: path.join(nodeFolder, 'bin', 'node'),
    packageFolder,
    serverMain: path.join(packageFolder, 'lib', 'vscode', 'out', 'server-main.js'),
  };
}
