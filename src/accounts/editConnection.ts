import type { Connection, Endpoints } from '../contributions.ts';
import type { AppProof } from '../signIn/credentialSpec.ts';
import { takesClient } from './connection.ts';
import {
  type Answers,
  addressQuestion,
  askAll,
  clientQuestion,
  nameQuestion,
  noted,
  proofQuestions,
  type Question,
  tenantQuestion,
} from './connectionQuestions.ts';
import { askCredential, credentialLabel, type Draft } from './fieldQuestions.ts';
import { BACK, type Choice, choose } from './questions.ts';

type Field = 'name' | 'credential' | 'tenantId' | 'clientId' | 'proof' | keyof Endpoints;

/** What a person wants to be changed. */
export interface AskedChanges {
  /** Members to change; null takes one away. */
  changes: Readonly<Record<string, unknown>>;
  /** A new one, of a service principal. */
  proof: AppProof | undefined;
}

/** Asks what is to be changed, and to what. @returns undefined when given up */
export async function askChanges(
  connection: Connection,
  isTaken: (name: string) => boolean,
): Promise<AskedChanges | undefined> {
  const title = `Edit Connection: ${connection.name}`;
  let given: Field | undefined;
  for (;;) {
    const field = await choose({ title, step: 1, total: 1 }, 'What is to be changed?', fieldsOf(connection), { given });
    if (field === undefined || field === BACK) {
      return undefined;
    }
    const answers: Answers = { draft: { ...connection } };
    const ended = await askAll(title, answers, (draft) => questionsFor(field, draft, connection, isTaken), 2);
    if (ended !== BACK) {
      return ended && { changes: changesOf(connection, answers.draft), proof: answers.proof };
    }
    given = field;
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
    value('credential', 'Sign-in', credentialLabel(credential)),
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

function questionsFor(
  field: Field,
  draft: Draft,
  connection: Connection,
  isTaken: (name: string) => boolean,
): readonly Question[] {
  switch (field) {
    case 'name':
      return [nameQuestion(connection.name, isTaken)];
    case 'credential':
      return [otherCredential(connection), ...missingFor(draft, connection)];
    case 'tenantId':
      return [tenantQuestion];
    case 'clientId':
      return [clientQuestion];
    case 'proof':
      return proofQuestions;
    default:
      return [addressQuestion(field)];
  }
}

/** Another way to sign in; what it does not take is left out. */
function otherCredential(connection: Connection): Question {
  return async (place, answers) =>
    noted(await askCredential(place, answers.draft), (credential) => {
      if (credential !== answers.draft.credential) {
        const { tenantId, clientId, ...others } = connection;
        answers.draft = {
          ...others,
          credential,
          ...(tenantId === undefined || credential === 'none' ? {} : { tenantId }),
          ...(clientId === undefined || !takesClient(credential) ? {} : { clientId }),
        };
      }
    });
}

/** What the other way to sign in needs, and the connection does not have yet. */
function missingFor({ credential }: Draft, { cloud, credential: before, ...had }: Connection): Question[] {
  if (credential === before || credential === 'none') {
    return [];
  }
  const authority = cloud === 'custom' && had.endpoints?.authority === undefined ? [addressQuestion('authority')] : [];
  if (credential !== 'servicePrincipal') {
    return authority;
  }
  return [
    ...authority,
    ...(had.tenantId === undefined ? [tenantQuestion] : []),
    ...(had.clientId === undefined ? [clientQuestion] : []),
    ...proofQuestions,
  ];
}

const MEMBERS = ['name', 'credential', 'tenantId', 'clientId', 'endpoints'] as const;

function changesOf(connection: Connection, draft: Draft): Record<string, unknown> {
  const changed = MEMBERS.filter((member) => draft[member] !== connection[member]);
  return Object.fromEntries(changed.map((member) => [member, draft[member] ?? null]));
}
