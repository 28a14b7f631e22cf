/** First and last day, both inclusive, UTC, `YYYY-MM-DD`. */
export interface Days {
  from: string;
  to: string;
}

/** How days are called in one locale. They are days of UTC, whatever the clock of the machine says. */
export interface DayNames {
  /** On an axis: `5 Oct`, or `Oct 2026` for a month. */
  short(step: Days): string;
  /** `Mon, 5 Oct 2026`, `October 2026`, or from and to. */
  long(step: Days): string;
}

export function dayNamesOf(locale: string): DayNames {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', calendar: 'gregory', ...options });
  const shortDay = format({ day: 'numeric', month: 'short' });
  const longDay = format({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const shortMonth = format({ month: 'short', year: 'numeric' });
  const longMonth = format({ month: 'long', year: 'numeric' });
  const range = format({ day: 'numeric', month: 'short', year: 'numeric' });
  return {
    short: (step) => (step.from === step.to ? shortDay : shortMonth).format(dateOf(step.from)),
    long: (step) => {
      if (step.from === step.to) {
        return longDay.format(dateOf(step.from));
      }
      return isWholeMonth(step)
        ? longMonth.format(dateOf(step.from))
        : range.formatRange(dateOf(step.from), dateOf(step.to));
    },
  };
}

function dateOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function isWholeMonth({ from, to }: Days): boolean {
  const next = new Date(dateOf(to).getTime() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  return from.endsWith('-01') && next.endsWith('-01') && from.slice(0, 7) === to.slice(0, 7);
}
