import { createArmClient } from '../../../src/api/arm/armClient.ts';
import type { Transport } from '../../../src/api/http/transport.ts';
import { SpendCache } from '../../../src/spend/spendCache.ts';
import { spendPicture } from '../../../src/spend/spendPicture.ts';
import { checkSpendQuestion } from '../../../src/spend/spendQuestion.ts';
import { readSpend } from '../../../src/spend/spendReader.ts';
import type { SpendPicture } from '../../../src/spend/spendShapes.ts';
import type { Figure } from '../figures.ts';
import type { Bench } from './bench.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
const PERIOD = { from: '2025-10-18', to: '2026-11-21' };
const DAYS = 400;
const SERIES = 12;
const GROUPS = ['ServiceName', 'ResourceLocation'] as const;

/** Seconds from the replies to the page, where the editor is told the picture; painting it has as long again. */
const TO_PICTURE = 0.15;
/** Seconds that another group may take when its answers are kept; half of it is the page's. */
const TO_OTHER_GROUP = 0.05;

/** What the extension host does between the replies of the service and the picture that it sends to the page: 400 days of 12 series. */
export const spend: Bench = async ({ rounds }) => {
  const first: number[] = [];
  const other: number[] = [];
  let broken: string | undefined;
  for (let round = 1; round <= rounds; round++) {
    const arm = createArmClient({ transport: answers(), base: 'http://127.0.0.1:1' });
    const cache = new SpendCache();
    const show = async (groupBy: string): Promise<{ seconds: number; picture: SpendPicture }> => {
      const question = checkSpendQuestion(
        { scope: '/subscriptions/bench', period: PERIOD, granularity: 'daily', groupBy, top: SERIES },
        NOW,
      );
      const started = performance.now();
      const picture = spendPicture(await readSpend(arm, question, { cache, now: NOW }), { now: NOW, locale: 'en' });
      return { seconds: (performance.now() - started) / 1000, picture };
    };
    const [one, two] = GROUPS;
    first.push((await show(one)).seconds);
    await show(two);
    const { seconds, picture } = await show(one);
    other.push(seconds);
    if (picture.steps.length !== DAYS || picture.series.length !== SERIES) {
      broken = `the picture has ${picture.steps.length} days of ${picture.series.length} series`;
    }
    console.log(`  ${round}/${rounds} first ${first.at(-1)?.toFixed(3)} s, other group ${seconds.toFixed(3)} s`);
  }
  const figure = (work: string, ours: number[], limit: number): Figure => ({
    work: `${work}, ${DAYS} days of ${SERIES} series`,
    against: `a limit of ${limit * 1000} ms`,
    unit: 'wall s',
    goal: 1,
    ours,
    theirs: ours.map(() => limit),
    broken,
  });
  return [
    figure('replies of the service to the picture', first, TO_PICTURE),
    figure('another group on kept data', other, TO_OTHER_GROUP),
  ];
};

/** Answers each cost query at once, from memory. */
function answers(): Transport {
  const made = new Map<string, Uint8Array>();
  return {
    async send({ body = '' }) {
      const { timePeriod, dataset } = JSON.parse(body) as {
        timePeriod: { from: string; to: string };
        dataset: { grouping: { name: string }[] };
      };
      const group = dataset.grouping[0]?.name ?? '';
      const month = timePeriod.from.slice(0, 7);
      const bytes = made.get(`${group} ${month}`) ?? monthOf(month, group);
      made.set(`${group} ${month}`, bytes);
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'content-length': String(bytes.length) },
        body: (async function* () {
          yield bytes;
        })(),
      };
    },
    async close() {},
  };
}

/** A month of daily costs with twenty decimals. */
function monthOf(month: string, group: string): Uint8Array {
  const rows: string[] = [];
  for (
    let day = 1;
    day <= new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
    day++
  ) {
    for (let at = 0; at < SERIES; at++) {
      const cost = `${100 + ((day * 37 + at * 11) % 89)}.${String(day * 7919 + at).padEnd(20, '3')}`;
      rows.push(`[${cost},${cost},${month.replace('-', '')}${String(day).padStart(2, '0')},"${group} ${at}","EUR"]`);
    }
  }
  const names = ['Cost', 'CostUSD', 'UsageDate', group, 'Currency'];
  const columns = JSON.stringify(names.map((name) => ({ name, type: 'Number' })));
  return new TextEncoder().encode(`{"properties":{"nextLink":null,"columns":${columns},"rows":[${rows.join(',')}]}}`);
}
