import type { Connection, Endpoints } from '../contributions.ts';
import type { AppProof } from '../signIn/credentialSpec.ts';
import { createClients } from './clients.ts';
import type { SignInParts } from './credentials.ts';
import { askClient, askCloud, askCredential, askEndpoint, askName, askTenant, type Draft } from './fieldQuestions.ts';
import { askProofKind, askProofOf, type ProofKind } from './proofQuestions.ts';
import { BACK, type QuestionPlace } from './questions.ts';
import { SignInMemory } from './signInMemory.ts';
import { askEditorTenant } from './tenantQuestion.ts';

/** What was answered so far. */
export interface Answers {
  draft: Draft;
  proofKind?: ProofKind;
  proof?: AppProof;
  /** The editor's id of the account that listed the tenants. */
  account?: string;
}

/** Asks one thing and notes the answer. */
export type Question = (place: QuestionPlace, answers: Answers) => Promise<'next' | typeof BACK | undefined>;

/**
 * Asks one thing after the other, forth and back; what is asked follows from the answers.
 *
 * @param first what the steps are counted from
 * @returns whether all was answered; BACK when the person went back behind the first question, undefined when given up
 */
export async function askAll(
  title: string,
  answers: Answers,
  questionsFor: (draft: Draft) => readonly Question[],
  first = 1,
): Promise<'answered' | typeof BACK | undefined> {
  for (let step = 0; ; ) {
    const questions = questionsFor(answers.draft);
    const question = questions[step];
    if (question === undefined) {
      return step < 0 ? BACK : 'answered';
    }
    const answer = await question({ title, step: step + first, total: questions.length + first - 1 }, answers);
    if (answer === undefined) {
      return undefined;
    }
    step += answer === BACK ? -1 : 1;
  }
}

export const cloudQuestion: Question = async (place, answers) =>
  noted(await askCloud(place, answers.draft), (cloud) => {
    if (cloud !== answers.draft.cloud) {
      // Nothing that was answered for another cloud is right for this one.
      answers.draft = { cloud };
    }
  });

export const credentialQuestion: Question = async (place, answers) =>
  noted(await askCredential(place, answers.draft), (credential) => {
    const { cloud, endpoints, credential: before } = answers.draft;
    if (credential !== before) {
      answers.draft = { ...(cloud && { cloud }), credential, ...(endpoints && { endpoints }) };
    }
  });

/** One address of a custom cloud. */
export function addressQuestion(field: keyof Endpoints): Question {
  return async (place, answers) =>
    noted(await askEndpoint(place, field, answers.draft), (address) => {
      const others: Partial<Endpoints> = { ...answers.draft.endpoints };
      delete others[field];
      answers.draft.endpoints = { resourceManager: '', ...others, ...(address === '' ? {} : { [field]: address }) };
    });
}

/** The tenant, typed in. */
export const tenantQuestion: Question = async (place, answers) =>
  noteTenant(await askTenant(place, answers.draft), answers);

/** The tenant, one of those that the editor's account sees. */
export function editorTenantQuestion(parts: SignInParts): Question {
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

export const clientQuestion: Question = async (place, answers) =>
  noted(await askClient(place, answers.draft), (clientId) => {
    const { clientId: _before, ...others } = answers.draft;
    answers.draft = { ...others, ...(clientId === '' ? {} : { clientId }) };
  });

/** @param value what is suggested */
export function nameQuestion(value: string, isTaken: (name: string) => boolean): Question {
  return async (place, answers) =>
    noted(await askName(place, value, isTaken), (name) => {
      answers.draft.name = name;
    });
}

/** What a service principal proves itself with: two steps. */
export const proofQuestions: readonly Question[] = [
  async (place, answers) =>
    noted(await askProofKind(place, answers.proofKind), (kind) => {
      answers.proofKind = kind;
    }),
  async (place, answers) =>
    noted(await askProofOf(answers.proofKind ?? 'secret', place), (proof) => {
      answers.proof = proof;
    }),
];

/** Notes an answer, if it is one. */
export function noted<T>(
  given: T | typeof BACK | undefined,
  note: (value: T) => void,
): 'next' | typeof BACK | undefined {
  if (given === undefined || given === BACK) {
    return given as typeof BACK | undefined;
  }
  note(given as T);
  return 'next';
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
