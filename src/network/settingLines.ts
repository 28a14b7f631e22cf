import path from 'node:path';
import { ConnectFailure } from '../api/http/connectFailure.ts';
import { parseProxy } from './proxyAddress.ts';
import type { NetworkSettings } from './settings.ts';

/** A setting or variable, and what may be shown of it. */
export interface SettingLine {
  name: string;
  value: string;
}

/** What decides the ways: settings with their values, variables where they are set. User names and passwords are not in it. */
export function settingLines(settings: NetworkSettings): SettingLine[] {
  const { environment } = settings;
  const line = (name: string, value: string): SettingLine => ({ name, value });
  const proxies = [
    ['http.proxy', settings.proxy],
    ['HTTPS_PROXY', environment.HTTPS_PROXY],
    ['HTTP_PROXY', environment.HTTP_PROXY],
    ['ALL_PROXY', environment.ALL_PROXY],
  ] as const;
  return [
    line('http.proxySupport', settings.proxySupport),
    ...proxies.flatMap(([name, text]) =>
      text === undefined || text.trim() === '' ? [] : [line(name, shownProxy(text, name))],
    ),
    ...(settings.noProxy.length === 0 ? [] : [line('http.noProxy', settings.noProxy.join(', '))]),
    ...(environment.NO_PROXY === undefined ? [] : [line('NO_PROXY', environment.NO_PROXY)]),
    ...(settings.proxyAuthorization === undefined ? [] : [line('http.proxyAuthorization', 'set (not shown)')]),
    line('http.proxyStrictSSL', String(settings.strictSsl)),
    line('http.systemCertificates', String(settings.systemCertificates)),
    ...(environment.NODE_EXTRA_CA_CERTS === undefined
      ? []
      : // Folders above it have people's names.
        [line('NODE_EXTRA_CA_CERTS', path.basename(environment.NODE_EXTRA_CA_CERTS))]),
  ];
}

function shownProxy(text: string, name: string): string {
  try {
    const { kind, shown, credentials } = parseProxy(text, name, undefined);
    return `${kind}://${shown}${credentials === undefined ? '' : ' (with credentials, not shown)'}`;
  } catch (error) {
    return error instanceof ConnectFailure ? `not usable: ${error.message}` : 'not usable';
  }
}
