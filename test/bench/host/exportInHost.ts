import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { ExportedFile } from '../../../src/contributions.ts';
import { writeCounts } from '../../support/hostRunner/counts.ts';
import { markLine } from '../../support/hostRunner/lines.ts';
import { measure } from '../measure.ts';
import { ANSWER, type HostAnswer, type HostTask, TASK } from './hostTask.ts';

const CONNECTION = 'Bench';

/** A share of one processor. */
const IDLE = 0.05;
const MOST_SECONDS = 30;

/** What the extension host calls: one export by its command, measured from the call until the file is closed. */
export async function run(): Promise<void> {
  const { base, scope, period, file } = JSON.parse(process.env[TASK] ?? '') as HostTask;
  await vscode.commands.executeCommand('azureBilling.addConnection', {
    name: CONNECTION,
    cloud: 'custom',
    credential: 'none',
    endpoints: { resourceManager: base },
  });
  try {
    await calm();
    const { measured, value } = await measure(async () =>
      vscode.commands.executeCommand<ExportedFile | undefined>('azureBilling.exportUsage', {
        connection: CONNECTION,
        scope,
        period,
        file,
        ask: false,
      }),
    );
    assert.ok(value, 'the export gave nothing');
    const answer: HostAnswer = { measured, done: { rows: value.rows, bytes: value.bytes } };
    await writeFile(process.env[ANSWER] ?? '', JSON.stringify(answer));
    console.log(markLine(writeCounts({ passed: 1, failed: 0, skipped: 0 })));
  } finally {
    await vscode.commands.executeCommand('azureBilling.removeFinishedJobs');
    await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: CONNECTION });
  }
}

/** An editor that was just started is busy with itself for a while. */
async function calm(): Promise<void> {
  for (let second = 0; second < MOST_SECONDS; second++) {
    const before = process.cpuUsage();
    await delay(1000);
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1e6 < IDLE) {
      return;
    }
  }
}
