import { decimalUnits, PRICE_SCALE } from './decimal.ts';

/**
 * How a meter's quantity moves: `constant` is the same each day (reserved capacity), `steady` wanders a little,
 * `office` falls to a quarter on Saturdays and Sundays (development and test).
 */
type Rhythm = 'constant' | 'steady' | 'office';

export interface Meter {
  readonly category: string;
  readonly subCategory: string;
  readonly name: string;
  readonly serviceFamily: string;
  readonly consumedService: string;
  readonly unit: string;
  /** Retail price in the cheapest region, in 1e-10 USD per unit. */
  readonly price: bigint;
  /** A usual day's quantity, in millionths of a unit. */
  readonly daily: number;
  /** The quantity is a multiple of this many millionths. */
  readonly grain: number;
  readonly rhythm: Rhythm;
  readonly resourceType: string;
  readonly resourcePrefix: string;
  readonly serviceInfo2: string;
  /** Whether partner earned credit lowers the price. */
  readonly earnsCredit: boolean;
}

export interface Region {
  readonly location: string;
  readonly displayName: string;
  /** Price against the cheapest region, in 1/10000. */
  readonly factor: bigint;
}

export const REGIONS: readonly Region[] = [
  { location: 'USEast', displayName: 'US East', factor: 10_000n },
  { location: 'EUWest', displayName: 'EU West', factor: 11_340n },
  { location: 'EUNorth', displayName: 'EU North', factor: 10_725n },
  { location: 'JAEast', displayName: 'JA East', factor: 12_418n },
  { location: 'AENorth', displayName: 'AE North', factor: 11_987n },
  { location: 'UKSouth', displayName: 'UK South', factor: 11_153n },
];

const MILLION = 1_000_000;

interface MeterRow {
  readonly category: string;
  readonly family: string;
  readonly provider: string;
  readonly type: string;
  readonly prefix: string;
  /** Sub-category, meter, unit, price, units a day, rhythm, grain in units, and `false` when no credit is earned. */
  readonly meters: ReadonlyArray<
    readonly [string, string, string, string, number, Rhythm, number, (boolean | undefined)?, string?]
  >;
}

const TABLE: readonly MeterRow[] = [
  {
    category: 'Virtual Machines',
    family: 'Compute',
    provider: 'Microsoft.Compute',
    type: 'virtualMachines',
    prefix: 'vm',
    meters: [
      ['Dsv5 Series', 'D2s v5', '1 Hour', '0.096', 24, 'constant', 1, true, 'Linux'],
      ['Dsv5 Series Windows', 'D4s v5', '1 Hour', '0.376', 48, 'office', 0.25, true, 'Windows Server'],
      ['Ebdsv5 Series', 'E8bds v5', '1 Hour', '0.804', 24, 'constant', 1, true, 'Linux'],
      ['BS Series', 'B2s', '1 Hour', '0.0416', 24, 'office', 0.0625, true, 'Linux'],
    ],
  },
  {
    category: 'Storage',
    family: 'Storage',
    provider: 'Microsoft.Storage',
    type: 'storageAccounts',
    prefix: 'st',
    meters: [
      ['Tiered Block Blob', 'Hot LRS Data Stored', '1 GB/Month', '0.0183928571', 420, 'steady', 0.000001],
      ['Tiered Block Blob', 'Hot LRS Write Operations', '10K', '0.0537142857', 96, 'steady', 0.0001],
      ['Files v2', 'Hot ZRS Data Stored', '1 GB/Month', '0.0318750000', 150, 'steady', 0.000001],
      ['Premium SSD Managed Disks', 'P10 LRS Disk', '1/Month', '19.71', 0.032258, 'constant', 0.000001],
    ],
  },
  {
    category: 'SQL Database',
    family: 'Databases',
    provider: 'Microsoft.Sql',
    type: 'servers/main/databases',
    prefix: 'sqldb',
    meters: [
      ['Single/Elastic Pool General Purpose - Compute Gen5', 'vCore', '1 Hour', '0.1520912547', 96, 'constant', 1],
      [
        'Single/Elastic Pool General Purpose - Storage',
        'General Purpose Data Stored',
        '1 GB/Month',
        '0.115',
        8.25,
        'steady',
        0.000001,
      ],
    ],
  },
  {
    category: 'Bandwidth',
    family: 'Networking',
    provider: 'Microsoft.Network',
    type: 'publicIPAddresses',
    prefix: 'pip',
    meters: [
      ['Rtn Preference: MGN', 'Standard Data Transfer Out', '1 GB', '0.0871234568', 64, 'office', 0.000001],
      ['Inter-Region', 'Intra Continent Data Transfer Out', '1 GB', '0.02', 210, 'steady', 0.000001],
    ],
  },
  {
    category: 'Azure App Service',
    family: 'Compute',
    provider: 'Microsoft.Web',
    type: 'serverfarms',
    prefix: 'plan',
    meters: [
      ['Premium v3 Plan', 'P1 v3 App', '1 Hour', '0.136', 24, 'constant', 1],
      ['Basic Plan - Linux', 'B1 App', '1 Hour', '0.018', 24, 'constant', 1],
    ],
  },
  {
    category: 'Key Vault',
    family: 'Security',
    provider: 'Microsoft.KeyVault',
    type: 'vaults',
    prefix: 'kv',
    meters: [
      ['', 'Operations', '10K', '0.03', 3.5, 'office', 0.0001],
      ['', 'Secret Renewal', '1', '1.0000000001', 1, 'constant', 1],
    ],
  },
  {
    category: 'Log Analytics',
    family: 'Management and Governance',
    provider: 'Microsoft.OperationalInsights',
    type: 'workspaces',
    prefix: 'log',
    meters: [
      ['', 'Analytics Logs Data Ingestion', '1 GB', '2.3076923077', 11.4, 'office', 0.000001],
      ['', 'Analytics Logs Data Retention', '1 GB/Month', '0.1', 38, 'steady', 0.000001],
    ],
  },
  {
    category: 'Azure Kubernetes Service',
    family: 'Containers',
    provider: 'Microsoft.ContainerService',
    type: 'managedClusters',
    prefix: 'aks',
    meters: [['', 'Standard Uptime SLA', '1 Hour', '0.1', 24, 'constant', 1]],
  },
  {
    category: 'Azure OpenAI',
    family: 'AI + Machine Learning',
    provider: 'Microsoft.CognitiveServices',
    type: 'accounts',
    prefix: 'aoai',
    meters: [
      ['Azure OpenAI', 'gpt large Input regnl Tokens', '1K', '0.0027500001', 61_000, 'office', 0.001],
      ['Azure OpenAI', 'gpt large Output regnl Tokens', '1K', '0.0110000003', 14_500, 'office', 0.001],
    ],
  },
  {
    category: 'Backup',
    family: 'Storage',
    provider: 'Microsoft.RecoveryServices',
    type: 'vaults',
    prefix: 'rsv',
    meters: [
      ['Standard', 'Azure VM Protected Instances', '1/Month', '10', 0.032258, 'constant', 0.000001],
      ['Standard', 'LRS Data Stored', '1 GB/Month', '0.0224137931', 96, 'steady', 0.000001],
    ],
  },
  {
    category: 'Azure Cosmos DB',
    family: 'Databases',
    provider: 'Microsoft.DocumentDB',
    type: 'databaseAccounts',
    prefix: 'cosmos',
    meters: [['', '100 RU/s', '1/Hour', '0.008', 960, 'steady', 1]],
  },
  {
    category: 'Load Balancer',
    family: 'Networking',
    provider: 'Microsoft.Network',
    type: 'loadBalancers',
    prefix: 'lb',
    meters: [
      ['Standard', 'Standard Included LB Rules and Outbound Rules', '1 Hour', '0.025', 24, 'constant', 1, false],
    ],
  },
  {
    category: 'Azure Monitor',
    family: 'Management and Governance',
    provider: 'Microsoft.Insights',
    type: 'components',
    prefix: 'appi',
    meters: [['', 'Alerts Metrics Monitored', '1/Month', '0.1', 0.322581, 'constant', 0.000001, false]],
  },
];

/** Every meter of the sample, in a fixed order: a usage line refers to its meter by position. */
export const METERS: readonly Meter[] = TABLE.flatMap((row) =>
  row.meters.map(
    ([subCategory, name, unit, price, daily, rhythm, grain, earnsCredit, serviceInfo2]): Meter => ({
      category: row.category,
      subCategory: subCategory === '' ? row.category : `${row.category} ${subCategory}`.replace(/^(.+) \1/, '$1'),
      name,
      serviceFamily: row.family,
      consumedService: row.provider,
      unit,
      price: decimalUnits(price, PRICE_SCALE),
      daily: Math.round(daily * MILLION),
      grain: Math.max(1, Math.round(grain * MILLION)),
      rhythm,
      resourceType: `${row.provider}/${row.type}`,
      resourcePrefix: row.prefix,
      serviceInfo2: serviceInfo2 ?? '',
      earnsCredit: earnsCredit ?? true,
    }),
  ),
);

/** The meter of that category and name; a wrong name is a mistake in this source. */
export function meterNamed(category: string, name?: string): Meter {
  const meter = METERS.find((m) => m.category === category && (name === undefined || m.name === name));
  if (!meter) throw new RangeError(`no meter ${category} ${name ?? ''}`);
  return meter;
}
