import { DuckDBInstance } from '@duckdb/node-api';
import { literal } from '../../../src/engine/sql/quote.ts';

/** Of the engine that is measured, and of DuckDB alone. */
export const THREADS = 2;

/** Rows as wide as those of usage details, with the columns that people sort and group by. */
export const usageSql = (rows: number) => `SELECT
  (DATE '2026-10-01' + (i % 31)::INT) AS "date", 'Customer ' || (i % 500) AS customerName, 'Subscription ' || (i % 2000) AS subscriptionName,
  'rg-' || (i % 97) AS resourceGroup, 'Service ' || (i % 40) AS meterCategory, 'Meter ' || (i % 600) AS meterName, 'Usage' AS chargeType,
  ((hash(i * 3) % 1000000)::DECIMAL(18, 0) * 0.000001)::DECIMAL(18, 6) AS quantity, '1 Hour' AS unitOfMeasure,
  ((hash(i * 7) % 100000000000)::DECIMAL(18, 0)::DECIMAL(38, 0) * 0.0000000001)::DECIMAL(38, 10) AS costInBillingCurrency,
  CASE WHEN i % 10 = 0 THEN 'EUR' ELSE 'USD' END AS billingCurrencyCode, 'westeurope' AS resourceLocation,
  '/subscriptions/' || md5((i % 2000)::VARCHAR) || '/resourceGroups/rg-' || (i % 97) || '/providers/Microsoft.Compute/virtualMachines/vm-' || (i % 5000) AS instanceName,
  md5(i::VARCHAR) AS meterId, 'b1a2c3d4-0000-4000-8000-000000000000' AS billingProfileId, 'Contoso billing profile' AS billingProfileName,
  '{"ServiceType":"Standard_D2s_v5","ImageType":"Canonical","VCPUs":' || (i % 64) || ',"UsageResourceKind":"vm"}' AS additionalInfo,
  '{"env": "prod", "owner": "team ' || (i % 30) || '"}' AS tags
  FROM range(${rows}) t(i)`;

/** The costliest pairs of day and service. */
export const groupSql = (parquet: string, most: number) =>
  `SELECT "date", meterCategory, billingCurrencyCode, count(*), sum(costInBillingCurrency) AS cost FROM read_parquet(${literal(parquet)}) GROUP BY ALL ORDER BY cost DESC LIMIT ${most}`;

/** Seconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** DuckDB alone, in this process, with as many threads: the instance is there already. */
export async function alone(statements: readonly string[]): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(THREADS) });
  const connection = await instance.connect();
  try {
    return await timed(async () => {
      for (const sql of statements) {
        (await connection.runAndReadAll(sql)).getRowsJson();
      }
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
