/** Files that are being written by this window: two jobs or downloads into one file would mix. */
const claimed = new Set<string>();

/**
 * Takes a file for one writer.
 *
 * @returns gives it free again; may be called twice
 * @throws Error with a sentence for the user when somebody has it
 */
export function claimFile(partial: string, file: string): () => void {
  if (claimed.has(partial)) {
    throw new Error(`file: '${file}' is being written already.`);
  }
  claimed.add(partial);
  let held = true;
  return () => {
    if (held) {
      held = false;
      claimed.delete(partial);
    }
  };
}
