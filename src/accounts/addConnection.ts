import { CLOUDS } from '../api/clouds.ts';
import type { Connection, Endpoints } from '../contributions.ts';
import type { AppProof } from '../signIn/credentialSpec.ts';
import { parseConnection } from './connection.ts';
import {
  type Answers,
  addressQuestion,
  askAll,
  clientQuestion,
  cloudQuestion,
  credentialQuestion,
  editorTenantQuestion,
  nameQuestion,
  proofQuestions,
  type Question,
  tenantQuestion,
} from './connectionQuestions.ts';
import type { SignInParts } from './credentials.ts';
import type { Draft } from './fieldQuestions.ts';

/** What a person answered: the connection, and what is kept beside it. */
export interface AskedConnection {
  connection: Connection;
  /** Of a service principal. */
  proof: AppProof | undefined;
  /** The editor's id of the account that listed the tenants. */
  account: string | undefined;
}

export interface AskConnectionOptions {
  parts: SignInParts;
  isTaken(name: string): boolean;
}

/** Asks for a connection, one thing after the other. @returns undefined when given up */
export async function askConnection(options: AskConnectionOptions): Promise<AskedConnection | undefined> {
  const answers: Answers = { draft: {} };
  const ended = await askAll('Add Connection', answers, (draft) => questionsFor(draft, options));
  if (ended !== 'answered') {
    return undefined;
  }
  const connection = parseConnection(answers.draft);
  // Who went back and chose another way to sign in gave these for the one before.
  return {
    connection,
    proof: connection.credential === 'servicePrincipal' ? answers.proof : undefined,
    account: connection.credential === 'editor' ? answers.account : undefined,
  };
}

function questionsFor(draft: Draft, { parts, isTaken }: AskConnectionOptions): Question[] {
  const { cloud, credential } = draft;
  return [
    cloudQuestion,
    credentialQuestion,
    ...(cloud === 'custom' ? addressFields(credential).map(addressQuestion) : []),
    ...(credential === 'none' ? [] : [credential === 'editor' ? editorTenantQuestion(parts) : tenantQuestion]),
    ...(credential === 'editor' || credential === 'servicePrincipal' || credential === 'deviceCode'
      ? [clientQuestion]
      : []),
    ...(credential === 'servicePrincipal' ? proofQuestions : []),
    nameQuestion(draft.name ?? suggestedName(draft, isTaken), isTaken),
  ];
}

function addressFields(credential: Draft['credential']): readonly (keyof Endpoints)[] {
  return ['resourceManager', 'partnerCenter', 'graph', ...(credential === 'none' ? [] : (['authority'] as const))];
}

function suggestedName({ cloud, tenantId, endpoints }: Draft, isTaken: (name: string) => boolean): string {
  const place =
    cloud === undefined || cloud === 'custom'
      ? endpoints && new URL(endpoints.resourceManager).hostname
      : CLOUDS[cloud].label;
  const base =
    (tenantId?.includes('.') ? tenantId : place)?.replace(/[^\p{L}\p{N} .()-]/gu, '').slice(0, 50) || 'Azure';
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!isTaken(name)) {
      return name;
    }
  }
}
