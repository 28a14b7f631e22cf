/** Memory for one answer at a time, see `SendOptions.room`: it grows to the longest of them. */
export function createRoom(): (bytes: number) => Uint8Array {
  let kept: Uint8Array = new Uint8Array();
  return (bytes) => {
    if (kept.length < bytes) {
      // Pages of a list differ by little.
      kept = Buffer.allocUnsafeSlow(bytes + (bytes >> 3));
    }
    return kept;
  };
}
