import { defineFlatSchema, type RecordSchema } from './schema.ts';

/**
 * Azure utilization records of Partner Center (REST reference: Azure utilization record resources): raw use without prices, added up
 * per unit. Times carry an offset, Pacific or UTC. Tags and additional information, and `infoFields` of old records, hold what they
 * like and stay one cell each. An object that is there and empty looks in CSV like none; JSON tells them apart.
 */
export const UTILIZATION: RecordSchema = defineFlatSchema(
  'utilization records',
  [
    ...['usageStartTime', 'usageEndTime', 'quantity', 'unit'],
    { name: 'resource', members: ['category', 'subcategory', 'name', 'region', 'id'] },
    {
      name: 'instanceData',
      members: ['resourceUri', 'location', 'partNumber', 'orderNumber', 'tags', 'additionalInfo'],
    },
    ...['infoFields', 'attributes'],
  ],
  { amount: 'quantity', currency: 'unit', day: 'usageStartTime' },
  { list: 'items' },
);
