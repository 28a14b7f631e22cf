import { readSpendToHost, type SpendToHost, type SpendToPage } from '../../src/charts/spendContract.ts';
import type { SpendPicture, SpendQuestion } from '../../src/spend/spendShapes.ts';
import { type BrowserPage, browserPages, type OpenPage } from './browserPage.ts';
import { QUESTION, SERVICES } from './spendPictures.ts';

/** The page of the spend panel in a plain browser. */
export type SpendPage = BrowserPage<SpendToPage, SpendToHost>;

export const CHOICES: Extract<SpendToPage, { type: 'choices' }> = {
  type: 'choices',
  title: 'Spend of Contoso',
  question: QUESTION,
  groupBys: [
    { id: '', label: 'Nothing' },
    { id: 'ServiceName', label: 'Service' },
    { id: 'ResourceLocation', label: 'Location' },
    { id: 'tag:owner', label: 'Tag owner' },
  ],
  presets: [
    { id: 'MonthToDate', label: 'This month' },
    { id: 'TheLastMonth', label: 'Last month' },
    { id: 'Last12Months', label: 'Last 12 months' },
  ],
  currencies: ['billing', 'usd'],
  amortized: true,
};

export const VALUES: Extract<SpendToPage, { type: 'values' }> = {
  type: 'values',
  answers: 1,
  by: 'ServiceName',
  values: SERVICES.map((name) => ({ id: name, label: name })),
};

/** The pages of a suite in one browser: each takes the place of the one before. */
export interface SpendPages {
  /** An empty page. */
  open(options?: OpenPage): Promise<SpendPage>;
  /** A page that shows a picture. */
  show(picture: SpendPicture, options?: OpenPage, question?: SpendQuestion): Promise<SpendPage>;
}

/** Sets a suite up for {@link SpendPages}. */
export function spendPages(): SpendPages {
  const open = browserPages<SpendToPage, SpendToHost>('spend', readSpendToHost);
  return {
    open,
    async show(picture, options, question = picture.question) {
      const page = await open(options);
      await page.tell({ ...CHOICES, question });
      await page.tell({ type: 'picture', answers: 0, picture });
      return page;
    },
  };
}
