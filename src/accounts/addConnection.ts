import { CLOUDS } from '../api/clouds.ts';
import type { Connection, Endpoints } from '../contributions.ts';
import type { AppProof } from '../signIn/credentialSpec.ts';
import { createClients } from './clients.ts';
import { parseConnection } from './connection.ts';
import type { SignInParts } from './credentials.ts';
import {
  askClient,
  askCloud,
  askCredential,
  askEndpoint,
  askName,
  askProof,
  askTenant,
  type Draft,
} from './fieldQuestions.ts';
import { BACK, type QuestionPlace } from './questions.ts';
import { SignInMemory } from './signInMemory.ts';
import { askEditorTenant } from './tenantQuestion.ts';

/** What a person answered: the connection, and what is kept beside it. */
export interface AskedConnection {
  connection: Connection;
  /** Of a service principal. */
  proof: AppProof | undefined;
  /** The editor's id of the account that listed the tenants. */
  account: string | undefined;
}

interface Answers {
  draft: Draft;
  proof?: AppProof;
  account?: string;
}

/** Asks one thing and notes the answer. */
type Question = (place: QuestionPlace, answers: Answers) => Promise<'next' | typeof BACK | undefined>;

export interface AskConnectionOptions {
  parts: SignInParts;
  isTaken(name: string): boolean;
}

/** Asks for a connection, one thing after the other; what is asked follows from the answers. @returns undefined when given up */
export async function askConnection(options: AskConnectionOptions): Promise<AskedConnection | undefined> {
  const answers: Answers = { draft: {} };
  for (let step = 0; ; ) {
    const questions = questionsFor(answers.draft, options);
    const question = questions[step];
    if (question === undefined) {
      const { draft, proof, account } = answers;
      return { connection: parseConnection(draft), proof, account };
    }
    const answer = await question({ title: 'Add Connection', step: step + 1, total: questions.length }, answers);
    if (answer === undefined) {
      return undefined;
    }
    step += answer === BACK ? -1 : 1;
  }
}

function questionsFor({ cloud, credential }: Draft, options: AskConnectionOptions): Question[] {
  const name: Question = async (place, answers) => {
    const given = await askName(
      place,
      answers.draft.name ?? suggestedName(answers.draft, options.isTaken),
      options.isTaken,
    );
    return noted(given, (value) => {
      answers.draft.name = value;
    });
  };
  return [
    cloudQuestion,
    credentialQuestion,
    ...(cloud === 'custom' ? addressQuestions(credential) : []),
    ...(credential === 'none' ? [] : [credential === 'editor' ? editorTenantQuestion(options.parts) : tenantQuestion]),
    ...(credential === 'editor' || credential === 'servicePrincipal' || credential === 'deviceCode'
      ? [clientQuestion]
      : []),
    ...(credential === 'servicePrincipal' ? [proofQuestion] : []),
    name,
  ];
}

const cloudQuestion: Question = async (place, answers) =>
  noted(await askCloud(place), (cloud) => {
    if (cloud !== answers.draft.cloud) {
      // Nothing that was answered for another cloud is right for this one.
      answers.draft = { cloud };
    }
  });

const credentialQuestion: Question = async (place, answers) =>
  noted(await askCredential(place, answers.draft), (credential) => {
    const { cloud, endpoints, credential: before } = answers.draft;
    if (credential !== before) {
      answers.draft = { ...(cloud && { cloud }), credential, ...(endpoints && { endpoints }) };
    }
  });

function addressQuestions(credential: Draft['credential']): Question[] {
  const fields = [
    'resourceManager',
    'partnerCenter',
    'graph',
    ...(credential === 'none' ? [] : (['authority'] as const)),
  ] as const;
  return fields.map(
    (field) => async (place, answers) =>
      noted(await askEndpoint(place, field, answers.draft), (address) => {
        const others: Partial<Endpoints> = { ...answers.draft.endpoints };
        delete others[field];
        answers.draft.endpoints = { resourceManager: '', ...others, ...(address === '' ? {} : { [field]: address }) };
      }),
  );
}

const tenantQuestion: Question = async (place, answers) => noteTenant(await askTenant(place, answers.draft), answers);

function editorTenantQuestion(parts: SignInParts): Question {
  return async (place, answers) => {
    const stop = new AbortController();
    const memory = new SignInMemory(forgetful());
    const { tenantId: _asked, clientId: _app, ...sofar } = answers.draft;
    const connection: Connection = { cloud: 'public', credential: 'editor', ...sofar, name: 'new connection' };
    const clients = createClients(connection, { ...parts, memory }, NO_EVENTS);
    try {
      const given = await askEditorTenant(place, answers.draft, clients, stop.signal);
      const { account } = memory.get(connection.name);
      if (account !== undefined) {
        answers.account = account;
      }
      return noteTenant(given, answers);
    } finally {
      stop.abort();
      await clients.close();
    }
  };
}

function noteTenant(given: string | typeof BACK | undefined, answers: Answers): 'next' | typeof BACK | undefined {
  return noted(given, (tenantId) => {
    const { tenantId: _before, ...others } = answers.draft;
    answers.draft = { ...others, ...(tenantId === '' ? {} : { tenantId }) };
  });
}

const clientQuestion: Question = async (place, answers) =>
  noted(await askClient(place, answers.draft), (clientId) => {
    const { clientId: _before, ...others } = answers.draft;
    answers.draft = { ...others, ...(clientId === '' ? {} : { clientId }) };
  });

const proofQuestion: Question = async (place, answers) =>
  noted(await askProof(place), (proof) => {
    answers.proof = proof;
  });

function noted<T>(given: T | typeof BACK | undefined, note: (value: T) => void): 'next' | typeof BACK | undefined {
  if (given === undefined || given === BACK) {
    return given as typeof BACK | undefined;
  }
  note(given as T);
  return 'next';
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

const NO_EVENTS = { log: () => undefined, routeChanged: () => undefined, accountChanged: () => undefined };

/** Remembers as long as the question is on screen. */
function forgetful(): ConstructorParameters<typeof SignInMemory>[0] {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: <T>(key: string, otherwise?: T) => (kept.has(key) ? (kept.get(key) as T) : (otherwise as T)),
    async update(key: string, value: unknown) {
      kept.set(key, value);
    },
  };
}
