import type { Connection, Endpoints } from '../contributions.ts';
import type { AppProof } from '../signIn/credentialSpec.ts';
import { askClient, askCredential, askEndpoint, askName, askProof, askTenant } from './fieldQuestions.ts';
import { BACK, type Choice, choose } from './questions.ts';

type Field = 'name' | 'credential' | 'tenantId' | 'clientId' | 'proof' | keyof Endpoints;

const TITLE = 'Edit Connection';

/**
 * Asks what is to be changed, and to what.
 *
 * @returns members to change (null takes one away) and a new secret; undefined when given up
 */
export async function askChanges(
  connection: Connection,
  isTaken: (name: string) => boolean,
): Promise<{ changes: Readonly<Record<string, unknown>>; proof?: AppProof } | undefined> {
  for (;;) {
    const field = await choose(
      { title: `${TITLE}: ${connection.name}`, step: 1, total: 1 },
      'What is to be changed?',
      fieldsOf(connection),
    );
    if (field === undefined || field === BACK) {
      return undefined;
    }
    const given = await askField(field, connection, isTaken);
    if (given !== BACK) {
      return given;
    }
  }
}

function fieldsOf(connection: Connection): Choice<Field>[] {
  const { cloud, credential, endpoints } = connection;
  const value = (field: Field, label: string, description: string | undefined): Choice<Field> => ({
    label,
    description: description ?? 'not set',
    value: field,
  });
  return [
    value('name', 'Name', connection.name),
    value('credential', 'Sign-in', credential),
    ...(credential === 'none' ? [] : [value('tenantId', 'Tenant', connection.tenantId)]),
    ...(credential === 'editor' || credential === 'servicePrincipal' || credential === 'deviceCode'
      ? [value('clientId', 'App registration', connection.clientId)]
      : []),
    ...(credential === 'servicePrincipal'
      ? [value('proof', 'Secret or certificate', 'in the secret storage of the editor')]
      : []),
    ...(cloud === 'custom'
      ? [
          value('resourceManager', 'Address of Azure Resource Manager', endpoints?.resourceManager),
          value('partnerCenter', 'Address of Partner Center', endpoints?.partnerCenter),
          value('graph', 'Address of Microsoft Graph', endpoints?.graph),
          value('authority', 'Address of the sign-in service', endpoints?.authority),
        ]
      : []),
  ];
}

async function askField(
  field: Field,
  connection: Connection,
  isTaken: (name: string) => boolean,
): Promise<{ changes: Readonly<Record<string, unknown>>; proof?: AppProof } | typeof BACK | undefined> {
  const place = { title: `${TITLE}: ${connection.name}`, step: 2, total: 2 };
  switch (field) {
    case 'proof': {
      const proof = await askProof(place);
      return proof === undefined || proof === BACK ? proof : { changes: {}, proof };
    }
    case 'credential':
      return changed(field, await askCredential(place, connection));
    case 'name':
      return changed(field, await askName(place, connection.name, isTaken));
    case 'tenantId':
      return changed(field, await askTenant(place, connection));
    case 'clientId':
      return changed(field, await askClient(place, connection));
    default: {
      const address = await askEndpoint(place, field, connection);
      if (address === undefined || address === BACK) {
        return address;
      }
      const { [field]: _before, ...others }: Partial<Endpoints> = connection.endpoints ?? {};
      return { changes: { endpoints: { ...others, ...(address === '' ? {} : { [field]: address }) } } };
    }
  }
}

function changed(
  field: string,
  given: string | typeof BACK | undefined,
): { changes: Readonly<Record<string, unknown>> } | typeof BACK | undefined {
  return given === undefined || given === BACK ? given : { changes: { [field]: given === '' ? null : given } };
}
