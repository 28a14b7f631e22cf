/**
 * Which columns of a table of costs say what. Tables are usage details (modern and legacy), Cost Details and exported cost files, FOCUS,
 * rated usage and invoice lines of Partner Center. Public documents: "Understand the terms in your Azure usage and charges file",
 * "Cost and usage details file schema", "FOCUS cost and usage details file schema", and Partner Center's invoice resources.
 */

/** A number that rows tell. */
export type NumberName = 'cost' | 'pricingCost' | 'quantity' | 'unitPrice' | 'effectivePrice' | 'exchangeRate';

/** A text that rows tell beside their dimensions. */
export type TextName = 'currency' | 'pricingCurrency' | 'unit' | 'day';

/** What costs can be split by. */
export type DimensionName =
  | 'customer'
  | 'subscription'
  | 'resourceGroup'
  | 'resource'
  | 'service'
  | 'meter'
  | 'product'
  | 'chargeType'
  | 'location'
  | 'invoice'
  | 'invoiceSection'
  | 'billingProfile';

/** A dimension that a table has. */
export interface Dimension {
  name: DimensionName;
  /** Its word for people: `Resource group`. */
  title: string;
  /** The column that tells values apart. */
  key: string;
  /** The column that names them for people, where it is another. */
  label?: string;
}

/** Column names as the table spells them; what a table does not have is left out. */
export type CostColumns = Partial<Readonly<Record<NumberName | TextName, string>>>;

/** In lower case; the first that a table has is taken. */
const PLACES: Readonly<Record<NumberName | TextName, readonly string[]>> = {
  cost: [
    'costinbillingcurrency',
    'billingpretaxtotal',
    'billedcost',
    'subtotal',
    'pretaxcharges',
    'cost',
    'pretaxcost',
  ],
  currency: ['billingcurrencycode', 'billingcurrency', 'currency', 'currencycode'],
  pricingCost: ['costinpricingcurrency', 'pricingpretaxtotal'],
  pricingCurrency: ['pricingcurrencycode', 'pricingcurrency', 'x_pricingcurrency'],
  // Lines of invoices are charged for their billable quantity; FOCUS prices count the pricing quantity.
  quantity: ['billablequantity', 'quantity', 'pricingquantity', 'consumedquantity', 'usagequantity'],
  unit: ['unitofmeasure', 'pricingunit', 'unit', 'consumedunit', 'usageunit', 'unittype'],
  unitPrice: ['unitprice', 'contractedunitprice', 'listprice'],
  effectivePrice: ['effectiveprice', 'effectiveunitprice', 'x_effectiveunitprice', 'pretaxeffectiverate'],
  exchangeRate: ['exchangeratepricingtobilling', 'exchangerate', 'pctobcexchangerate', 'x_billingexchangerate'],
  day: ['date', 'usagedate', 'usagedatetime', 'chargeperiodstart', 'chargestartdate'],
};

/** A quantity counts in its own unit; `unit` above is of the others. */
const UNITS: Readonly<Record<string, string>> = {
  pricingquantity: 'pricingunit',
  consumedquantity: 'consumedunit',
  usagequantity: 'usageunit',
};

interface Places {
  title: string;
  keys: readonly string[];
  labels: readonly string[];
}

const DIMENSIONS: Readonly<Record<DimensionName, Places>> = {
  customer: {
    title: 'Customer',
    keys: ['customertenantid', 'customerid', 'x_customerid', 'customername', 'customercompanyname', 'x_customername'],
    // Lines of legacy commerce that have both columns fill the company's alone.
    labels: ['customercompanyname', 'customername', 'x_customername'],
  },
  subscription: {
    title: 'Subscription',
    // In rated usage of partners the entitlement is the Azure subscription; `subscriptionId` is the plan that it is in.
    keys: ['subscriptionguid', 'entitlementid', 'subscriptionid', 'subaccountid', 'subscriptionname'],
    labels: ['subscriptionname', 'entitlementdescription', 'subaccountname', 'subscriptiondescription'],
  },
  resourceGroup: {
    title: 'Resource group',
    keys: ['resourcegroupname', 'resourcegroup', 'x_resourcegroupname'],
    labels: [],
  },
  resource: { title: 'Resource', keys: ['instancename', 'resourceid', 'resourceuri', 'resourcename'], labels: [] },
  // Rows call the service by the category of its meters.
  service: { title: 'Service', keys: ['metercategory', 'x_skumetercategory', 'servicename'], labels: [] },
  meter: {
    title: 'Meter',
    keys: ['meterid', 'x_skumeterid', 'resourceguid', 'metername', 'skumeter', 'meterdescription'],
    labels: ['metername', 'skumeter', 'x_skumetername', 'meterdescription'],
  },
  product: {
    title: 'Product',
    // Azure charges of legacy commerce name no product but their service, beside licences that name an offer.
    keys: ['productname', 'product', 'skuname', 'offername', 'chargedescription', 'servicename'],
    labels: [],
  },
  chargeType: { title: 'Charge type', keys: ['chargetype', 'chargecategory'], labels: [] },
  location: { title: 'Location', keys: ['resourcelocation', 'meterregion', 'regionid', 'region'], labels: [] },
  invoice: { title: 'Invoice', keys: ['invoiceid', 'invoicenumber', 'x_invoiceid'], labels: [] },
  invoiceSection: {
    title: 'Invoice section',
    keys: ['invoicesectionid', 'x_invoicesectionid', 'invoicesectionname', 'invoicesection'],
    labels: ['invoicesectionname', 'x_invoicesectionname'],
  },
  billingProfile: {
    title: 'Billing profile',
    keys: ['billingprofileid', 'x_billingprofileid', 'billingprofilename'],
    labels: ['billingprofilename', 'x_billingprofilename'],
  },
};

/**
 * Finds what a table of costs tells.
 *
 * @param header names of its columns, compared without case, because versions spell them differently
 */
export function costColumns(header: readonly string[]): CostColumns {
  const has = finder(header);
  const found: Partial<Record<NumberName | TextName, string>> = {};
  for (const [name, places] of Object.entries(PLACES) as [NumberName | TextName, readonly string[]][]) {
    const column = has(places);
    if (column !== undefined) {
      found[name] = column;
    }
  }
  const own = UNITS[found.quantity?.toLowerCase() ?? ''];
  const unit = own === undefined ? undefined : has([own]);
  return { ...found, ...(unit !== undefined && { unit }) };
}

/** The dimensions that a table has, in the order that people choose from. */
export function dimensionsIn(header: readonly string[]): Dimension[] {
  const has = finder(header);
  const dimensions: Dimension[] = [];
  for (const [name, { title, keys, labels }] of Object.entries(DIMENSIONS) as [DimensionName, Places][]) {
    const key = has(keys);
    const label = has(labels);
    if (key !== undefined) {
      dimensions.push({ name, title, key, ...(label !== undefined && label !== key && { label }) });
    }
  }
  return dimensions;
}

/** The word for a dimension, whether a table has it or not. */
export function dimensionTitle(name: DimensionName): string {
  return DIMENSIONS[name].title;
}

function finder(header: readonly string[]): (names: readonly string[]) => string | undefined {
  const spelled = new Map<string, string>();
  for (const name of header) {
    const key = name.trim().toLowerCase();
    spelled.set(key, spelled.get(key) ?? name);
  }
  return (names) => {
    const first = names.find((name) => spelled.has(name));
    return first === undefined ? undefined : spelled.get(first);
  };
}
