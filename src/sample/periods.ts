import { badRequest, type SampleRequest } from './answers.ts';
import { type DayRange, isoDay, parseIsoDay, parseUsDay } from './calendar.ts';

/**
 * Days of two query parameters, both inclusive. Microsoft.Billing describes its dates as MM-DD-YYYY and shows YYYY-MM-DD,
 * so both are read. Missing ones are a 400 when required and open ends otherwise.
 */
export function periodOf(
  request: SampleRequest,
  [fromField, toField]: readonly [string, string],
  required: boolean,
): DayRange {
  const read = (field: string): number | undefined => {
    const text = request.parameters.get(field.toLowerCase());
    if (!text) {
      if (required) throw badRequest(`The query parameter ${field} is required.`);
      return undefined;
    }
    const day = parseIsoDay(text) ?? parseUsDay(text);
    if (day === undefined) throw badRequest(`The value '${text}' of ${field} is not a date such as 2026-10-31.`);
    return day;
  };
  const from = read(fromField) ?? Number.NEGATIVE_INFINITY;
  const to = read(toField) ?? Number.POSITIVE_INFINITY;
  if (from > to) throw badRequest(`${fromField} ${isoDay(from)} is after ${toField} ${isoDay(to)}.`);
  return { from, to };
}
