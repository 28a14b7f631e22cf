import type { SaveSpendArgument } from '../contributions.ts';

/** What a page shows, in a format that files have: base64 of a PNG, else text; nothing for a view. */
export interface SavedPicture {
  as: SaveSpendArgument['as'];
  data: string;
}

/** A view is the question alone, which the page has from us. */
type PageFormat = Exclude<SavedPicture['as'], 'view'>;

/** A page that is behind another tab is made anew first. Milliseconds. */
const PATIENCE = 10_000;

/** Asks a page for what it shows, and waits for its answer. */
export class PageSaves {
  readonly #ask: (as: PageFormat) => void;
  #waiting: { as: PageFormat; resolve(picture: SavedPicture): void; reject(error: Error): void } | undefined;

  constructor(ask: (as: PageFormat) => void) {
    this.#ask = ask;
  }

  /** @throws Error with a sentence for the user when the page does not answer in time, or something else is asked for */
  async ask(as: PageFormat): Promise<SavedPicture> {
    this.#waiting?.reject(new Error('Another picture was asked for since.'));
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<SavedPicture>((resolve, reject) => {
        this.#waiting = { as, resolve, reject };
        timer = setTimeout(
          () => reject(new Error('The panel did not answer: bring it to the front and try again.')),
          PATIENCE,
        );
        this.#ask(as);
      });
    } finally {
      clearTimeout(timer);
      if (this.#waiting?.as === as) {
        this.#waiting = undefined;
      }
    }
  }

  /** The page was made anew: what it was asked before is lost. */
  askAgain(): void {
    if (this.#waiting !== undefined) {
      this.#ask(this.#waiting.as);
    }
  }

  /** Takes what a page sent, if it was asked for. */
  answer(picture: SavedPicture): boolean {
    const waiting = this.#waiting;
    if (waiting?.as !== picture.as) {
      return false;
    }
    this.#waiting = undefined;
    waiting.resolve(picture);
    return true;
  }

  /** The page is gone. */
  end(): void {
    this.#waiting?.reject(new Error('The panel was closed.'));
  }
}
