import * as v from 'valibot';

/** A reader of messages between a page and the extension: undefined for what its schema does not know. */
export function messageReader<Message>(
  schema: v.GenericSchema<unknown, Message>,
): (message: unknown) => Message | undefined {
  return (message) => {
    const result = v.safeParse(schema, message);
    return result.success ? result.output : undefined;
  };
}
