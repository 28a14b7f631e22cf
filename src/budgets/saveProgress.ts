import type { SaveOptions, SaveStep } from '../budgeting/saveBudget.ts';
import { showProgress } from '../workbench/progress.ts';
import { waitText } from '../workbench/text.ts';

const STEPS: Readonly<Record<SaveStep, string>> = {
  reading: 'Reading what the service holds…',
  checking: 'Checking…',
  confirming: '',
  writing: 'Sending…',
  readingBack: 'Reading back…',
};

/** Runs a write that can be cancelled, with progress as long as no question is open: then it waits for the person, not for the service. */
export async function saveProgress<T>(
  title: string,
  today: string,
  work: (options: SaveOptions) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let shown = showProgress(title, abort);
  try {
    return await work({
      today,
      signal: abort.signal,
      onWait: (wait) => shown.tell(waitText(wait)),
      onStep: (step) => {
        if (step === 'confirming') {
          shown.end();
        } else if (step === 'writing') {
          shown.end();
          shown = showProgress(title, abort);
        }
        shown.tell(STEPS[step]);
      },
    });
  } finally {
    shown.end();
  }
}
