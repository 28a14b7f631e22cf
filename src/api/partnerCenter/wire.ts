import * as v from 'valibot';
import { optionalText } from '../arm/wire.ts';

export { optionalNumber, optionalText, wireNumber } from '../arm/wire.ts';

export const optionalFlag = v.nullish(v.boolean());

/** `attributes` of every resource: its type, and its etag where it has one. */
export const attributes = v.nullish(v.looseObject({ objectType: optionalText, etag: optionalText }));
