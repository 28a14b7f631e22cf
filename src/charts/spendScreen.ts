import type { SpendPicture } from '../spend/spendShapes.ts';
import { cleanPicture } from './cleanSpend.ts';
import type { SpendToPage } from './spendContract.ts';

type Message<Type extends SpendToPage['type']> = Extract<SpendToPage, { type: Type }>;
export type Choices = Message<'choices'>;
export type Stopped = Message<'stopped'>;

/** What the page of a panel shows. It is kept and told again, because a page is made anew whenever its tab comes to the front. */
export class SpendScreen {
  readonly post: (message: SpendToPage) => void;
  #picture: Message<'picture'> | undefined;
  #status: Message<'working'> | Stopped | undefined;

  constructor(post: (message: SpendToPage) => void) {
    this.post = post;
  }

  /** What is drawn, whole or in part; `question` is what it answers. */
  get picture(): SpendPicture | undefined {
    return this.#picture?.picture;
  }

  /** Whether there is nothing to say but the picture. */
  get isWhole(): boolean {
    return this.#picture !== undefined && this.#status === undefined;
  }

  /** More is on its way unless the picture is `whole`. */
  show(picture: SpendPicture, answers: number, whole: boolean): void {
    if (whole) {
      this.#status = undefined;
    }
    this.#picture = { type: 'picture', answers, picture: cleanPicture(picture) };
    this.post(this.#picture);
  }

  /** @param milliseconds that a wait takes, which the page counts down */
  work(message: string, milliseconds?: number): void {
    const until = milliseconds === undefined ? undefined : new Date(Date.now() + milliseconds).toISOString();
    this.#status = { type: 'working', message, ...(until !== undefined && { until }) };
    this.post(this.#status);
  }

  stop(stopped: Stopped): void {
    this.#status = stopped;
    this.post(stopped);
  }

  /** What is drawn is of something else now. */
  clear(): void {
    this.#picture = undefined;
  }

  /** A page that was made anew has asked for nothing yet. */
  tellAll(keep: Message<'keep'>, choices: Choices): void {
    this.post(keep);
    this.post(choices);
    if (this.#picture !== undefined) {
      this.#picture = { ...this.#picture, answers: 0 };
      this.post(this.#picture);
    }
    if (this.#status !== undefined) {
      this.post(this.#status.type === 'stopped' ? { ...this.#status, answers: 0 } : this.#status);
    }
  }
}
