/** Somebody ended the job: nothing is left of it. */
export class JobCancelled extends Error {
  override readonly name = 'JobCancelled';

  constructor() {
    super('The export was cancelled.');
  }
}

/** The editor ends: what was fetched is kept, and the job can be resumed. */
export class JobInterrupted extends Error {
  override readonly name = 'JobInterrupted';

  constructor() {
    super('The export was interrupted; resume it to go on where it was.');
  }
}
