/** Members of the meter in rows of enrolments, which have it as one object (`meterDetails`). */
export const METER_MEMBERS = [
  'meterName',
  'meterCategory',
  'meterSubCategory',
  'unitOfMeasure',
  'serviceFamily',
] as const;
