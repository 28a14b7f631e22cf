import * as v from 'valibot';
import { ExactNumber } from '../../json/exact.ts';

/** Text that may be missing or null: samples of one version leave out what another always has. */
export const optionalText = v.nullish(v.string());

/** A number with its digits. */
export const wireNumber = v.union([v.number(), v.instance(ExactNumber)]);

/** A number that may be missing or null. */
export const optionalNumber = v.nullish(wireNumber);

/** Money as Billing sends it; `value` keeps its digits. */
export const money = v.looseObject({ currency: optionalText, value: v.nullish(wireNumber) });

export type Money = v.InferOutput<typeof money>;

/** The envelope of every resource. Ids come with and without the leading slash: see `normalizeId`. */
export const resource = { id: v.string(), name: v.string(), type: optionalText };
