const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * What a file of a picture has that a page sent: base64 of a PNG, else text.
 *
 * @throws Error with a sentence for the user when the page has sent something else
 */
export function pictureBytes(data: string, isPng: boolean): Buffer {
  const bytes = Buffer.from(data, isPng ? 'base64' : 'utf8');
  const whole = isPng ? bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE) : bytes.length > 0;
  if (!whole) {
    throw new Error('The panel has sent no picture: refresh it and try again.');
  }
  return bytes;
}
