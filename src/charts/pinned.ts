/** Where the scope that is pinned to the status bar is kept; nothing is loaded without one. */
export const PINNED_KEY = 'pinnedSpend';
