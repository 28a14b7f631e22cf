import { type ApiArea, apiVersion, type VersionSet } from './versions.ts';

/** How an api-version spells the parts (REST reference: Query - Usage and Forecast - Usage, in each version). */
export interface CostSpelling {
  dimensions: 'dimension' | 'dimensions';
  tags: 'tag' | 'tags';
  tagGrouping: 'Tag' | 'TagKey';
  sortingDirection: 'querySortingDirection' | 'direction';
}

/** Versions whose filters are singular; the one between them and all after them are plural. */
const SINGULAR = new Set(['2019-10-01', '2020-06-01']);

export function spellingOf(area: ApiArea, versions: VersionSet): CostSpelling {
  const version = apiVersion(area, versions);
  const singular = SINGULAR.has(version);
  return {
    dimensions: singular ? 'dimension' : 'dimensions',
    tags: singular ? 'tag' : 'tags',
    tagGrouping: version < '2022-10-01' ? 'Tag' : 'TagKey',
    sortingDirection: version === '2019-10-01' ? 'querySortingDirection' : 'direction',
  };
}
