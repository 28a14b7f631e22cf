import type { Memento } from 'vscode';

/** A memory of the editor that is nowhere but here. */
export function memento(): Memento {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: <T>(key: string, otherwise?: T) => (kept.get(key) ?? otherwise) as T,
    update: async (key: string, value: unknown) => {
      kept.set(key, value);
    },
  };
}
