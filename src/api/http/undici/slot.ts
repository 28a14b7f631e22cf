/** The process-wide places where undici keeps its global dispatcher. */
const SLOTS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

const reserved: symbol[] = [];

/** Fills the slots that are empty, so that undici finds them taken. */
export function reserveSlots(): void {
  for (const slot of SLOTS) {
    if (!Object.hasOwn(globalThis, slot)) {
      Object.defineProperty(globalThis, slot, { value: null, writable: true, configurable: true, enumerable: false });
      reserved.push(slot);
    }
  }
}

/** Empties the slots that {@link reserveSlots} filled. */
export function releaseSlots(): void {
  for (const slot of reserved.splice(0)) {
    Reflect.deleteProperty(globalThis, slot);
  }
}
