import { type Answer, json } from '../../answers.ts';
import { countOf, type PartnerCall, seeksNext } from '../call.ts';
import { projectCustomer, projectWholeCustomer } from '../customers.ts';
import { invalidInput, refused } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { PartnerRoute } from '../routeTable.ts';

const PAGE = 500;
const LIST = 'customers';

/** What a continuation token of the list holds: where the next page begins, and what the first page asked. */
interface Position {
  readonly from: number;
  readonly size: number;
  readonly filter: string;
}

/** Customers of the partner (Partner Center REST reference: get a list of customers, get a customer by name, by id). */
export function customerRoutes({ customers, wire, tokens }: Parts): PartnerRoute[] {
  const list = (call: PartnerCall): Answer => {
    const next = seeksNext(call, 'seekOperation');
    const start: Position = next ? (JSON.parse(tokens.open(call, LIST)) as Position) : firstPosition(call);
    const matches = filterOf(start.filter);
    const items: string[] = [];
    let position = start.from;
    for (; position < customers.length; position++) {
      if (matches && !matches(customers.displayName(position), customers.domain(position))) continue;
      if (items.length === start.size) break;
      items.push(JSON.stringify(projectCustomer(customers.at(position))));
    }
    const more = position < customers.length;
    const query = `size=${start.size}`;
    return wire.collection(items, {
      self: { path: `customers${call.query === '' ? '' : `?${call.query}`}` },
      next: more
        ? {
            path: `customers?${query}&seekOperation=Next`,
            token: tokens.seal(LIST, JSON.stringify({ ...start, from: position } satisfies Position)),
          }
        : undefined,
      published: 'version',
    });
  };
  return [
    {
      name: 'partnerCenter.customers.list',
      path: 'customers',
      signIn: 'any',
      area: 'customers',
      bom: true,
      limited: true,
      methods: { GET: list },
    },
    {
      name: 'partnerCenter.customers.get',
      path: 'customers/*',
      signIn: 'any',
      area: 'customers',
      bom: true,
      limited: true,
      methods: {
        GET: (_call, [id = '']) =>
          json(projectWholeCustomer(customers, customers.named(id), (path) => wire.link({ path }))),
      },
    },
  ];
}

function firstPosition(call: PartnerCall): Position {
  const size = countOf(call, 'size', { least: 0, most: PAGE, otherwise: PAGE });
  const filter = call.parameters.get('filter') ?? '';
  // A wrong filter is refused at once, not with the first customer.
  filterOf(filter);
  return { from: 0, size: size === 0 ? PAGE : size, filter };
}

type Matches = (companyName: string, domain: string) => boolean;

/** Reads `{"Field": "CompanyName", "Value": "a", "Operator": "starts_with"}`; undefined for an empty filter. */
function filterOf(text: string): Matches | undefined {
  if (text === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidInput('The filter is not JSON.');
  }
  const members = new Map(
    Object.entries(typeof parsed === 'object' && parsed !== null ? parsed : {}).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]),
  );
  const operator = members.get('operator') ?? '';
  if (operator.toLowerCase() !== 'starts_with') {
    throw refused(400, 900_126, `The operator '${operator}' of the filter is not valid: use starts_with.`, [
      'Operator',
    ]);
  }
  const value = members.get('value')?.toLowerCase();
  if (value === undefined) throw invalidInput('The filter must have the member Value.');
  switch (members.get('field')?.toLowerCase()) {
    case 'companyname':
      return (companyName) => companyName.toLowerCase().startsWith(value);
    case 'domain':
      return (_companyName, domain) => domain.startsWith(value);
    case 'indirectreseller':
    case 'indirectcloudsolutionprovider':
      // The sample's partner is a direct one: no customer has an indirect reseller.
      return () => false;
    default:
      throw refused(
        400,
        900_126,
        `The field '${members.get('field') ?? ''}' of the filter is not valid: use CompanyName, Domain, IndirectReseller or IndirectCloudSolutionProvider.`,
        ['Field'],
      );
  }
}
