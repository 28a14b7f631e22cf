import assert from 'node:assert/strict';
import { violations } from '../support/browserPage.ts';
import { CHOICES, type SpendPage, spendPages } from '../support/spendPage.ts';
import { samplePicture } from '../support/spendPictures.ts';

describe('what the page of the spend panel says of its picture', () => {
  const { open, show } = spendPages();

  const detail = ({ page }: SpendPage) => page.locator('.detail').innerText();

  it('tells a day that was not read, one without cost and today apart: on the chart, in words and in the table', async () => {
    const options = { unread: 3, zero: [4, 5], open: 5, today: true };
    const shown = await show(samplePicture({}, options));
    await shown.page.locator('.chart').focus();
    assert.match(await detail(shown), /^Fri, 30 Oct 2026 \(UTC\): [\d.,]+ EUR in total\. Still open: it can grow\.$/);
    await shown.page.keyboard.press('ArrowRight');
    assert.equal(await detail(shown), 'Sat, 31 Oct 2026, today (UTC): no cost yet. Still open: it can grow.');
    await shown.page.keyboard.press('Home');
    assert.equal(await detail(shown), 'Thu, 1 Oct 2026 (UTC): not read yet.');
    for (let day = 0; day < 4; day++) {
      await shown.page.keyboard.press('ArrowRight');
    }
    assert.equal(await detail(shown), 'Mon, 5 Oct 2026 (UTC): no cost.');
    const words = await shown.page.locator('.canvas').innerText();
    assert.ok(words.includes('not read yet') && words.includes('open'), 'shades have names');
    await shown.screenshot('spend-states-chart');
    const picture = samplePicture({ view: 'table' }, options);
    await shown.tell({ type: 'picture', answers: 0, picture });
    const row = async (at: number) => {
      const cells = shown.page.locator('tbody').first().locator('tr').nth(at);
      return [await cells.locator('th').innerText(), await cells.locator('td').first().innerText()];
    };
    assert.deepEqual(await row(0), ['Thu, 1 Oct 2026 (not read yet)', 'not read yet']);
    assert.deepEqual(await row(4), ['Mon, 5 Oct 2026', '0.00']);
    assert.deepEqual(await row(30), ['Sat, 31 Oct 2026 (today, open)', 'no cost yet']);
    await shown.screenshot('spend-states-table');
    assert.deepEqual(await violations(shown), []);
  });

  it('says how many credits have no area in the breakdown, and what they come to', async () => {
    const shown = await show(samplePicture({ view: 'breakdown' }, { credits: [1, 3] }));
    assert.equal(
      await shown.page.locator('.facts li').first().innerText(),
      '2 groups are credits, -7,655.60 EUR together: they have no areas and are among the bars alone.',
    );
    await shown.screenshot('spend-credits');
  });

  it('gives each of fifty groups a look of its own, which the legend has too', async () => {
    const groups = Array.from({ length: 49 }, (_, at) => `Group ${at}`);
    for (const theme of ['light', 'highContrast'] as const) {
      const shown = await show(samplePicture({ top: 50 }, { groups }), { theme });
      const looks = await shown.page.evaluate<string[]>(
        "[...document.querySelectorAll('.sample')].map((sample) => sample.className + sample.style.getPropertyValue('--sample'))",
      );
      assert.equal(new Set(looks).size, 50);
      assert.ok((await shown.page.locator('.canvas svg').innerHTML()).includes('<pattern'), 'patterns are drawn');
      for (const view of ['columns', 'breakdown'] as const) {
        await shown.tell({ type: 'picture', answers: 0, picture: samplePicture({ top: 50, view }, { groups }) });
        await shown.screenshot(`spend-many-${view}-${theme}`);
      }
    }
  });

  it('keeps amounts whole in the legend, one below the other, and shortens names', async () => {
    const groups = ['A name of a group that has by no means room enough in here', 'B'];
    for (const [width, digits] of [
      [300, 2],
      [300, 18],
      [1400, 18],
    ] as const) {
      const shown = await show(samplePicture({}, { groups, digits }), { width });
      const boxes = await shown.page.evaluate<{ right: number; lines: number }[]>(
        `[...document.querySelectorAll('.legend .amount')].map((amount) => ({
          right: Math.round(amount.parentElement.getBoundingClientRect().right - amount.getBoundingClientRect().right),
          lines: amount.getClientRects().length === 1 ? Math.round(amount.getBoundingClientRect().height / parseFloat(getComputedStyle(amount).fontSize)) : 9,
        }))`,
      );
      assert.deepEqual(boxes, Array(3).fill({ right: 0, lines: 1 }), `${width} pixels, ${digits} digits`);
      assert.equal(await shown.page.locator('.legend bdi').first().getAttribute('title'), groups[0]);
    }
  });

  it('says that the extension does not answer, asks again, and still takes what comes late', async () => {
    const shown = await show(samplePicture(), { clock: true });
    await shown.page.locator('#view-cumulative').click();
    const alert = shown.page.getByRole('alert');
    await shown.page.clock.fastForward(15_000);
    assert.equal(await alert.count(), 0);
    await shown.tell({ type: 'working', message: 'Reading October 2026…' });
    await shown.page.clock.fastForward(240_000);
    assert.equal(await alert.count(), 0, 'a word of the extension renews the wait');
    await shown.page.clock.fastForward(61_000);
    assert.equal(await alert.innerText(), 'The extension does not answer.');
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('spend-silent');
    await shown.page.getByRole('button', { name: 'Try Again' }).click();
    const asked = await shown.last('ask');
    assert.deepEqual([asked?.request, asked?.question.view], [2, 'cumulative']);
    await shown.page.clock.fastForward(21_000);
    assert.equal(await alert.count(), 1);
    await shown.tell({ type: 'picture', answers: 2, picture: samplePicture({ view: 'cumulative' }) });
    assert.equal(await alert.count(), 0);
    assert.equal(await shown.page.locator('.chart').isVisible(), true);
    await shown.page.clock.fastForward(600_000);
    assert.equal(await alert.count(), 0, 'nothing is waited for any more');
  });

  it('says so when nobody answers a page that was just made, and begins again', async () => {
    const shown = await open({ clock: true });
    await shown.page.clock.fastForward(21_000);
    await shown.page.getByRole('button', { name: 'Try Again' }).click();
    assert.equal((await shown.heard()).filter(({ type }) => type === 'ready').length, 2);
    await shown.tell(CHOICES);
    await shown.tell({ type: 'picture', answers: 0, picture: samplePicture() });
    assert.equal(await shown.page.getByRole('alert').count(), 0);
  });

  it('paints 400 days of 12 groups', async () => {
    const options = { steps: 400, groups: Array.from({ length: 11 }, (_, at) => `Group ${at}`) };
    for (const theme of ['dark', 'highContrast'] as const) {
      const shown = await open({ theme });
      await shown.tell(CHOICES);
      for (const view of ['columns', 'cumulative', 'table'] as const) {
        const picture = samplePicture({ view, top: 12 }, { ...options, digits: 12 });
        const pictures = [picture, { ...picture, series: [...picture.series].reverse() }];
        const figures: number[] = [];
        for (let round = 0; round < 6; round++) {
          figures.push(await painted(shown, pictures[round % 2]));
        }
        const [first = 0, ...others] = figures;
        const median = others.sort((one, other) => one - other)[Math.floor(others.length / 2)] ?? 0;
        console.log(
          `      ${theme} ${view}: first picture ${first.toFixed(0)} ms, another group ${median.toFixed(0)} ms`,
        );
      }
      assert.equal((await shown.page.locator('tbody tr').count()) > 400, true);
    }
  });

  /** From the message to the frame after the one that shows it. Milliseconds. */
  function painted({ page }: SpendPage, picture: unknown): Promise<number> {
    return page.evaluate<number>(`new Promise((done) => {
      const started = performance.now();
      window.postMessage(${JSON.stringify({ type: 'picture', answers: 0, picture })}, '*');
      addEventListener('message', () => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now() - started);
        channel.port2.postMessage(undefined);
      }), { once: true });
    })`);
  }
});
