import type { HostReport, NetworkReport } from './report.ts';

/** The report as a text to read and to send to whoever runs the network. */
export function reportText({ at, settings, certificates, connections }: NetworkReport): string {
  const width = Math.max(...settings.map(({ name }) => name.length));
  const { builtIn, system, extra, problems } = certificates;
  const unchecked = settings.some(({ name, value }) => name === 'http.proxyStrictSSL' && value === 'false');
  return [
    `Network report of Azure Billing, ${at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}`,
    '',
    'No token, password or user name is in this text.',
    '',
    'Settings and variables',
    ...settings.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`),
    '',
    'Certificates of authorities',
    `  ${builtIn} of the editor's runtime, ${system} of the system, ${extra} of NODE_EXTRA_CA_CERTS`,
    ...problems.flatMap((problem) => wrapped('  ', problem)),
    ...(unchecked
      ? ['  Certificates that come through a proxy are not checked, because http.proxyStrictSSL is off.']
      : []),
    ...connections.flatMap(({ connection, problem, hosts }) => [
      '',
      `Connection '${connection}'`,
      ...(problem === undefined ? [] : wrapped('  ', problem)),
      ...hosts.flatMap(hostLines),
    ]),
    '',
    'Storage',
    '  Files (reports, price sheets, exports) are in storage accounts whose names come with each file. They are reached by the',
    '  same settings, without a token.',
    '',
  ].join('\n');
}

function hostLines(host: HostReport): string[] {
  return [
    `  ${host.service}: ${host.host}`,
    `    Route        ${routeText(host)}`,
    `    Reachable    ${host.reachable ? 'yes' : 'no'}, after ${host.milliseconds} ms`,
    ...(host.certificate === undefined
      ? []
      : [`    Certificate  issued by ${host.certificate.issuer}, valid to ${host.certificate.validTo}`]),
    ...(host.error === undefined ? [] : wrapped('    Error        ', host.error)),
    ...(host.advice === undefined ? [] : wrapped('    What to do   ', host.advice)),
  ];
}

/** Read in a narrow editor, and sent by mail. Characters. */
const LINE = 100;

/** A text behind a title, in lines below each other. */
function wrapped(title: string, text: string): string[] {
  const lines: string[] = [];
  let line = title;
  for (const word of text.split(' ')) {
    if (line.length + word.length > LINE && line.trimEnd().length > title.trimEnd().length) {
      lines.push(line.trimEnd());
      line = ' '.repeat(title.length);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

const REASONS: Readonly<Record<string, string>> = {
  loopback: 'it is this machine',
  'link-local': 'its address is link-local',
  default: 'nothing names a proxy',
};

function routeText({ route, proxy, decidedBy = 'default', noProxy }: HostReport): string {
  const reason = REASONS[decidedBy] ?? decidedBy;
  switch (route) {
    case 'proxy':
      return `through the proxy ${proxy} (${reason})`;
    case 'editor':
      return "the editor's own way (no direct connection could be made)";
    case 'direct':
      return noProxy === undefined ? `direct (${reason})` : `direct (${reason}: ${noProxy})`;
    case 'none':
      return 'none';
  }
}
