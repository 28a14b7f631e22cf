import { readToPage, type ToHost, type ToPage } from '../contract.ts';

interface EditorApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

const api = acquireVsCodeApi();

/** Sends a message to the extension. */
export function tellHost(message: ToHost): void {
  api.postMessage(message);
}

/** Listens to the extension. What the editor has to keep for a reload goes there at once. */
export function listenToHost(hear: (message: Exclude<ToPage, { type: 'keep' }>) => void): void {
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = readToPage(data);
    if (message?.type === 'keep') {
      api.setState(message.state);
    } else if (message !== undefined) {
      hear(message);
    }
  });
}
