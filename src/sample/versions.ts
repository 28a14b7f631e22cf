import { Refusal, type SampleRequest } from './answers.ts';

/** Versions of Microsoft.Billing, oldest first; the Azure SDK client of 2020-05-01 is one of those served. */
export const BILLING_VERSIONS = ['2019-10-01-preview', '2020-05-01', '2024-04-01'] as const;
export type BillingVersion = (typeof BILLING_VERSIONS)[number];

/** Versions of Microsoft.Consumption, oldest first. */
export const CONSUMPTION_VERSIONS = ['2019-10-01', '2021-10-01', '2023-11-01'] as const;

/** Versions of Microsoft.CostManagement's query, dimensions, forecast and alerts, oldest first; the first has no forecast and no alerts. */
export const COST_MANAGEMENT_VERSIONS = ['2019-10-01', '2019-11-01', '2022-10-01', '2023-11-01', '2025-03-01'] as const;

/** The request's api-version, or a Refusal as Azure Resource Manager words it. */
export function versionOf<V extends string>(request: SampleRequest, versions: readonly V[], resourceType: string): V {
  const asked = request.parameters.get('api-version');
  if (!asked) {
    throw new Refusal(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const version = versions.find((v) => v === asked.toLowerCase());
  if (version) return version;
  throw new Refusal(
    400,
    'InvalidResourceType',
    `The resource type '${resourceType}' could not be found for api version '${asked}'. The supported api-versions are '${versions.join(', ')}'.`,
  );
}
