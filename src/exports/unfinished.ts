/** Name of the mark, in the editor's state of this extension, that an export was under way when it was last written. */
export const UNFINISHED_KEY = 'exportsUnfinished';
