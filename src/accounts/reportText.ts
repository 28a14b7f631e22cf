import type { ConnectionReport, SeenAccount, ServiceAccess } from '../contributions.ts';
import { displayText } from '../workbench/text.ts';

const SERVICES: Readonly<Record<ServiceAccess['service'], string>> = {
  resourceManager: 'Azure Resource Manager',
  partnerCenter: 'Partner Center',
  graph: 'Microsoft Graph',
};

const ACCESS: Readonly<Record<ServiceAccess['access'], string>> = {
  full: 'yes',
  limited: 'in part',
  none: 'no',
  absent: 'not part of this connection',
};

const ACTORS: Readonly<Record<ConnectionReport['actor'], string>> = {
  user: 'a user, by an app (App+User)',
  app: 'an app alone (app-only)',
  unknown: 'a user or an app, as the other tool is signed in',
  nobody: 'nobody; no token is sent',
};

/** What a sign-in can see, for reading: plain text of several lines. */
export function reportText(report: ConnectionReport): string {
  const lines = [
    `What can '${report.connection}' see?`,
    '',
    `Signed in   ${report.signedIn ? 'yes' : 'no'}`,
    `As          ${ACTORS[report.actor]}`,
    `Looked at   ${report.at}`,
  ];
  for (const { service, access, summary, advice } of report.services) {
    lines.push('', `${SERVICES[service]}: ${ACCESS[access]}`);
    if (access !== 'absent') {
      lines.push(...[summary, ...advice.map((step) => `→ ${step}`)].map((line) => `  ${displayText(line, '')}`));
    }
  }
  if (report.accounts.length > 0) {
    lines.push('', 'Billing accounts');
    for (const account of report.accounts) {
      lines.push(
        `  ${displayText(account.displayName, account.name)}`,
        ...accountLines(account).map((line) => `    ${line}`),
      );
    }
    if (report.moreAccounts) {
      lines.push('  … and more on further pages');
    }
  }
  return `${lines.join('\n')}\n`;
}

function accountLines({ name, agreement, permissions, problem }: SeenAccount): string[] {
  return [
    displayText(name, ''),
    ...(agreement === undefined ? [] : [displayText(agreement, '')]),
    ...(permissions === undefined ? [] : [permissionText(permissions)]),
    ...(problem === undefined ? [] : [`Permissions cannot be read: ${displayText(problem, '')}`]),
  ];
}

function permissionText(count: number): string {
  return count === 0 ? 'No role here' : `${count} permitted action${count === 1 ? '' : 's'}`;
}

/** The whole in one sentence, for a notification. */
export function reportSentence({ connection, services }: ConnectionReport): string {
  const [billing] = services;
  const others = services.slice(1).filter(({ access }) => access !== 'absent');
  const also = others.map(({ service, access }) => `${SERVICES[service]}: ${ACCESS[access]}.`);
  return [`'${connection}': ${billing?.summary ?? ''}`, ...also].join(' ');
}

/** Whether anything that the connection has is refused. */
export function hasRefusal({ services }: ConnectionReport): boolean {
  return services.some(({ access }) => access === 'none');
}
