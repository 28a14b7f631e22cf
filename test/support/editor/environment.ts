/**
 * Settings that decide whether and where npm reaches its registry. An outer `npm run` exports every one of its settings;
 * these alone are meant for the machine rather than for the outer command.
 */
const keptNpmSettings = new Set([
  'registry',
  'proxy',
  'http_proxy',
  'https_proxy',
  'noproxy',
  'ca',
  'cafile',
  'cert',
  'key',
  'strict_ssl',
  'userconfig',
  'globalconfig',
  'cache',
  'fetch_retries',
  'fetch_timeout',
  'maxsockets',
]);

const npmVariable = /^npm_/i;
const npmSetting = /^npm_config_(.+)$/i;
/** Settings of one scope (`@scope:registry`) or one registry host (`//host/:_authToken`). */
const scopedSetting = /^(?:@|\/\/)/;

function isKept(name: string): boolean {
  if (!npmVariable.test(name)) return name !== 'INIT_CWD';
  const setting = npmSetting.exec(name)?.[1]?.toLowerCase();
  return setting !== undefined && (keptNpmSettings.has(setting.replaceAll('-', '_')) || scopedSetting.test(setting));
}

/** A copy of an environment without what an outer `npm run` put there, except the way to the registry. */
export function withoutNpmRun(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isKept(name)));
}

/**
 * A copy of an environment without what an editor that is itself running (its terminal, its debugger, its extension host)
 * hands to child processes: a second editor would take those for its own.
 */
export function withoutOuterEditor(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(?:VSCODE_|ELECTRON_|CHROME_DESKTOP$|GIT_ASKPASS$)/.test(name)),
  );
}

/** The environment for an editor that the harness starts, plus what the caller adds. */
export function editorEnvironment(additions: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const outer = withoutOuterEditor(withoutNpmRun(process.env));
  // Here not even npm's way to its registry is of use, and extensions would see settings that no user's editor has.
  return { ...Object.fromEntries(Object.entries(outer).filter(([name]) => !npmVariable.test(name))), ...additions };
}
