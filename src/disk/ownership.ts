/**
 * Modes of what jobs keep for themselves: it has titles and addresses that name customers, and rows. It has to be readable to go on
 * from, so it is for its owner alone. Where a system knows no modes (Windows), the folder's own rights hold.
 */
export const OWN_FILE = 0o600;
export const OWN_FOLDER = 0o700;
