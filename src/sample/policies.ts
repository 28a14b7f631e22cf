import { isCostPolicyOff } from './stories.ts';

export type ViewCharges = 'Allowed' | 'NotAllowed';

/** Whether a customer's own users may see its charges, by customer. The tenant's story until a call changes it. */
export class Policies {
  readonly #changed = new Map<number, ViewCharges>();

  /** `customer` is the position among all customers. */
  viewCharges(customer: number): ViewCharges {
    return this.#changed.get(customer) ?? (isCostPolicyOff(customer) ? 'NotAllowed' : 'Allowed');
  }

  set(customer: number, viewCharges: ViewCharges): void {
    this.#changed.set(customer, viewCharges);
  }

  reset(): void {
    this.#changed.clear();
  }
}
