/** An answer that was kept. */
export interface KeptAnswer {
  bytes: Uint8Array;
  fetchedAt: Date;
}

/** Keeps answers of one connection over windows; there may be none. It never fails: what cannot be kept is asked for again. */
export interface AnswerStore {
  /** Whose answers they are: another text for whoever may see other things. */
  readonly whose: string;
  /**
   * The newest answer to a question, of any age.
   *
   * @param question what was asked, in any text that is the same for the same question
   * @param month `YYYY-MM`, UTC; left out: it is of no month
   */
  find(question: string, month?: string): Promise<KeptAnswer | undefined>;
  keep(question: string, month: string | undefined, answer: KeptAnswer): Promise<void>;
}
