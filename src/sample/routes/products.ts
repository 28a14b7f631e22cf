import { type Answer, json, notFound, type SampleRequest } from '../answers.ts';
import type { BillingAccount } from '../directory.ts';
import { listOf, listPage } from '../lists.ts';
import { type ProductPosition, Products } from '../products.ts';
import { projectProduct } from '../projections/products.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import { type Lookups, PATHS } from './lookups.ts';
import { get, type Route } from './table.ts';

const TYPE = 'billingAccounts/products';

/** Products of billing accounts, billing profiles, invoice sections and customers (REST reference: Products). */
export function productRoutes(find: Lookups): Route[] {
  const { tenant } = find;
  const products = new Products(tenant);
  const { partnerTenantId } = tenant.directory;
  const page = (request: SampleRequest, account: BillingAccount, positions: readonly ProductPosition[]): Answer => {
    const version = versionOf(request, BILLING_VERSIONS, TYPE);
    const all = listOf(positions);
    return listPage(request, version, all, {
      displayName: (position) => products.at(all.at(position)).displayName,
      project: (position) => projectProduct(products.at(position), account, version, partnerTenantId),
    });
  };
  const one = (request: SampleRequest, accountName: string, name: string): Answer => {
    const version = versionOf(request, BILLING_VERSIONS, TYPE);
    const account = find.account(accountName);
    const product = products.named(name);
    if (product?.profile.account !== account.index) throw notFound('product', name);
    return json(projectProduct(product, account, version, partnerTenantId));
  };
  return [
    get('products.list', `${PATHS.account}/products`, (request, [name = '']) => {
      const account = find.account(name);
      return page(request, account, products.ofOwner(account));
    }),
    get('products.list', `${PATHS.profile}/products`, (request, [name = '', profile = '']) => {
      const account = find.account(name);
      return page(request, account, products.ofOwner(find.profile(account, profile)));
    }),
    get('products.list', `${PATHS.section}/products`, (request, [name = '', profile = '', section = '']) => {
      const account = find.account(name);
      return page(request, account, [products.ofPartner(find.profileOfSection(account, profile, section))]);
    }),
    get('products.list', `${PATHS.customer}/products`, (request, [name = '', customer = '']) => {
      const account = find.account(name);
      return page(request, account, products.ofCustomer(find.customer(account, customer)));
    }),
    get('products.get', `${PATHS.account}/products/*`, (request, [name = '', product = '']) =>
      one(request, name, product),
    ),
    // Where the ids of the first version lead.
    get('products.get', `${PATHS.customer}/products/*`, (request, [name = '', customer = '', product = '']) => {
      find.customer(find.account(name), customer);
      return one(request, name, product);
    }),
    get(
      'products.get',
      `${PATHS.section}/products/*`,
      (request, [name = '', profile = '', section = '', product = '']) => {
        find.profileOfSection(find.account(name), profile, section);
        return one(request, name, product);
      },
    ),
  ];
}
