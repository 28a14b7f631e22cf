import * as vscode from 'vscode';
import { assertCertificate, isLocked, opensKey } from '../signIn/appCertificate.ts';
import type { AppProof } from '../signIn/credentialSpec.ts';
import { explain } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { askText, BACK, type Choice, choose, type QuestionPlace } from './questions.ts';

export type ProofKind = 'secret' | 'certificate';

type Given<T> = Promise<T | typeof BACK | undefined>;

/** What the app proves itself with: two steps. It is never shown, and kept in the editor's secret storage only. */
export async function askProof(place: QuestionPlace): Given<AppProof> {
  for (;;) {
    const kind = await askProofKind(place, undefined);
    if (kind === undefined || kind === BACK) {
      return kind;
    }
    const proof = await askProofOf(kind, { ...place, step: place.step + 1 });
    if (proof !== BACK) {
      return proof;
    }
  }
}

const KINDS: readonly Choice<ProofKind>[] = [
  { label: 'Client secret', detail: 'Typed in, and kept in the secret storage of the editor.', value: 'secret' },
  {
    label: 'Certificate',
    detail: 'A PEM file with its private key, copied into the secret storage of the editor.',
    value: 'certificate',
  },
];

/** The first step: which kind of proof. */
export function askProofKind(place: QuestionPlace, given: ProofKind | undefined): Given<ProofKind> {
  return choose(place, 'How does the app prove who it is?', KINDS, { given });
}

/** The second step: the proof. Back from a file that will not do, which is told beside it. */
export function askProofOf(kind: ProofKind, place: QuestionPlace): Given<AppProof> {
  return kind === 'secret' ? askSecret(place) : askCertificate(place);
}

async function askSecret(place: QuestionPlace): Given<AppProof> {
  const secret = await askText(place, {
    prompt: 'Client secret: its value, not its id',
    password: true,
    check: (text) => (text.trim() === '' ? 'The secret is empty.' : undefined),
  });
  return typeof secret === 'string' ? { secret: secret.trim() } : secret;
}

async function askCertificate(place: QuestionPlace): Given<AppProof> {
  try {
    const certificate = await chosenPem();
    if (certificate === undefined) {
      return BACK;
    }
    if (!isLocked(certificate)) {
      assertCertificate(certificate, undefined);
      return { certificate };
    }
    const password = await askText(place, {
      prompt: 'Password of the private key',
      password: true,
      late: true,
      check: (text) => (opensKey(certificate, text) ? undefined : 'The password does not open the private key.'),
    });
    if (typeof password !== 'string') {
      return password;
    }
    assertCertificate(certificate, password);
    return { certificate, password };
  } catch (error) {
    void vscode.window.showWarningMessage(plainText(explain(error)));
    return BACK;
  }
}

/** Files above this size are no PEM of a certificate. Bytes. */
const LARGEST_PEM = 100_000;

async function chosenPem(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: 'Certificate and Private Key',
      openLabel: 'Use Certificate',
      filters: { 'PEM files': ['pem', 'crt', 'cer', 'key'], 'All files': ['*'] },
    })) ?? [];
  if (file === undefined) {
    return undefined;
  }
  const { size } = await vscode.workspace.fs.stat(file);
  return size > LARGEST_PEM ? '' : Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8');
}
