interface EditorApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
}

declare function acquireVsCodeApi(): EditorApi;

const api = acquireVsCodeApi();

/** Sends a message to the extension: one of the page's contract. */
export function postToHost(message: object): void {
  api.postMessage(message);
}

/** Gives the editor what it has to keep for a reload of the window: plain data. */
export function keepState(state: object): void {
  api.setState(state);
}

/** What the editor kept, to be checked. */
export function keptState(): unknown {
  return api.getState();
}

/**
 * Listens to the extension. What the editor has to keep for a reload goes there at once.
 *
 * @param read checks what came, as the page's contract says; undefined for what it does not know
 */
export function listenToHost<Message extends { type: string; state?: unknown }>(
  read: (message: unknown) => Message | undefined,
  hear: (message: Exclude<Message, { type: 'keep' }>) => void,
): void {
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = read(data);
    if (message?.type === 'keep') {
      api.setState(message.state);
    } else if (message !== undefined) {
      hear(message as Exclude<Message, { type: 'keep' }>);
    }
  });
}
