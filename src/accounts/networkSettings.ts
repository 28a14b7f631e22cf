import * as vscode from 'vscode';
import type { NetworkSettings, NetworkVariables } from '../network/settings.ts';

/**
 * The editor's network settings, as they are now. Only the user's own values count: a folder that is opened must not lead tokens
 * through a proxy of its choice.
 */
export function networkSettings(): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  const value = (name: string): unknown => {
    const found = http.inspect<unknown>(name);
    return found?.globalValue ?? found?.defaultValue;
  };
  const proxy = textOf(value('proxy'));
  const proxyAuthorization = textOf(value('proxyAuthorization'));
  return {
    ...(proxy === undefined ? {} : { proxy }),
    proxySupport: supportOf(value('proxySupport')),
    noProxy: textsOf(value('noProxy')),
    ...(proxyAuthorization === undefined ? {} : { proxyAuthorization }),
    strictSsl: value('proxyStrictSSL') !== false,
    systemCertificates: value('systemCertificates') !== false,
    extraCertificates: [],
    environment: variablesOf(process.env),
  };
}

/** Tells that the settings may be others now. */
export function onDidChangeNetworkSettings(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('http')) {
      listener();
    }
  });
}

const SUPPORT = ['off', 'on', 'override', 'fallback'] as const;

function supportOf(value: unknown): NetworkSettings['proxySupport'] {
  return SUPPORT.find((known) => known === value) ?? 'override';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

const VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'] as const;

/** Variables come in both cases; the lower one goes first, as with curl and the editor. */
function variablesOf(environment: NodeJS.ProcessEnv): NetworkVariables {
  const variables: NetworkVariables = {};
  for (const name of VARIABLES) {
    const value = environment[name.toLowerCase()] ?? environment[name];
    if (value !== undefined) {
      variables[name] = value;
    }
  }
  const file = environment.NODE_EXTRA_CA_CERTS;
  return file === undefined ? variables : { ...variables, NODE_EXTRA_CA_CERTS: file };
}
