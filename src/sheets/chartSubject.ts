import * as v from 'valibot';
import { messageReader } from '../workbench/pageMessages.ts';

const day = v.pipe(v.string(), v.isoDate());

const subject = v.object({
  /** The same statement of the same sheet has the same, whatever its text is by now. */
  key: v.string(),
  sql: v.string(),
  source: v.object({
    connection: v.string(),
    scopes: v.pipe(v.array(v.string()), v.minLength(1)),
    /** Days, both inclusive, UTC. */
    period: v.object({ from: day, to: day }),
    metric: v.picklist(['ActualCost', 'AmortizedCost']),
  }),
});

/** What a chart is of: plain data that outlives a reload of the window. */
export type ChartSubject = v.InferOutput<typeof subject>;

/** What the editor kept of a panel; undefined when it is nothing of that shape. */
export const readChartSubject = messageReader(subject);

/** What a chart is called: the beginning of its SQL. */
export function chartTitle({ sql }: Pick<ChartSubject, 'sql'>): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
