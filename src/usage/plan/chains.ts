/** What is known before most of a job is done. */
interface Expected {
  /** Pages that are still to be read; a lower bound will do. */
  pages: number;
  /** From asking for a page to having it. */
  secondsAPage: number;
  /** Lists that may be begun now, and in every minute from then on. */
  startsNow: number;
  startsAMinute: number;
}

/** Below this many pages a list of its own saves less than the start that it costs. */
const PAGES_A_CHAIN = 3;

/** What Azure Resource Manager lets through in the long run ("Understand how Azure Resource Manager throttles requests"), and at once. */
const READS_A_SECOND = 24;
const READS_AT_ONCE = 240;

/** Each list on its way holds a page of up to 8 MB, and a connection to the host that everything else needs too. */
export const MOST_CHAINS = 12;

/**
 * How many lists should be read side by side: so many that the job ends first. Beginning a list is what the service limits most, so
 * further ones have to wait for the next minute, and only long jobs gain by that.
 */
export function chooseChains(expected: Expected): number {
  const most = Math.min(MOST_CHAINS, Math.max(1, Math.ceil(expected.pages / PAGES_A_CHAIN)));
  let best = { chains: 1, seconds: secondsOf(1, expected) };
  for (let chains = 2; chains <= most; chains++) {
    const seconds = secondsOf(chains, expected);
    // Each start more has to be worth something: the user may need it for other work.
    if (seconds < best.seconds * 0.97) {
      best = { chains, seconds };
    }
  }
  return best.chains;
}

/** From now on until so many lists have read their share of the pages. */
export function secondsOf(chains: number, { pages, secondsAPage, startsNow, startsAMinute }: Expected): number {
  const minutes = chains <= startsNow ? 0 : Math.ceil((chains - startsNow) / Math.max(1, startsAMinute));
  const reading = (Math.ceil(pages / chains) || 0) * secondsAPage;
  const limited = (pages - READS_AT_ONCE) / READS_A_SECOND;
  return Math.max(minutes * 60 + reading, limited);
}
