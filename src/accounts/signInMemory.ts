import type { Memento } from 'vscode';

const KEY = 'signIns';

interface Remembered {
  /** The editor's id of the account; never its name. */
  account?: string;
  /** Whose tokens came last, as `subjectOf` says it. */
  subject?: string;
  /** Signed out by command: nothing is read until somebody signs in again. */
  signedOut?: true;
}

/** What is known of a connection's sign-in over restarts, by its name without regard to case. No secrets. */
export class SignInMemory {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  get(connection: string): Remembered {
    return this.#all()[connection.toLowerCase()] ?? {};
  }

  /** Merged with what is there; undefined members are forgotten. */
  async note(connection: string, change: { [Key in keyof Remembered]?: Remembered[Key] | undefined }): Promise<void> {
    const merged = Object.fromEntries(
      Object.entries({ ...this.get(connection), ...change }).filter(([, value]) => value !== undefined),
    ) as Remembered;
    const { [connection.toLowerCase()]: _before, ...others } = this.#all();
    await this.#state.update(
      KEY,
      Object.keys(merged).length === 0 ? others : { ...others, [connection.toLowerCase()]: merged },
    );
  }

  /** The connection has another name now; without one it is gone. */
  async move(connection: string, to: string | undefined): Promise<void> {
    const { [connection.toLowerCase()]: kept, ...others } = this.#all();
    await this.#state.update(
      KEY,
      to === undefined || kept === undefined ? others : { ...others, [to.toLowerCase()]: kept },
    );
  }

  #all(): Readonly<Record<string, Remembered>> {
    return this.#state.get(KEY, {});
  }
}
