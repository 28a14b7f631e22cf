import type { Diagnosis } from './diagnosis.ts';

/** A cause before it is written out. */
export interface Finding extends Pick<Diagnosis, 'cause' | 'certainty' | 'sentence' | 'steps'> {
  /** Name of the role that is missing at the scope. */
  role?: string;
  /** What else it could be, a sentence each. */
  otherwise?: string[];
}
