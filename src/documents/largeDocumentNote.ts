import { readFile, writeFile } from 'node:fs/promises';
import type { UsageReport } from '../usage/writeUsage.ts';
import type { DocumentSpec } from './documentSpec.ts';

/** What is known of a large document, kept beside its file: the editor restores such a tab without asking anybody. */
export interface LargeDocumentNote {
  spec: DocumentSpec;
  report: UsageReport;
}

const noteFile = (file: string) => `${file}.about.json`;

export async function writeNote(file: string, note: LargeDocumentNote): Promise<void> {
  await writeFile(noteFile(file), JSON.stringify(note));
}

/** Undefined when there is none: the file is not one of ours, or its note was removed. */
export async function readNote(file: string): Promise<LargeDocumentNote | undefined> {
  try {
    const note = JSON.parse(await readFile(noteFile(file), 'utf8')) as LargeDocumentNote;
    return { ...note, report: { ...note.report, fetchedAt: new Date(note.report.fetchedAt) } };
  } catch {
    return undefined;
  }
}
