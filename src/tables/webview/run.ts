/**
 * Elements beside each other that stand for a run of places. When the run moves, those that stay in it are not touched, so
 * whoever stands on one stays there; those that left it are put at its other end. They stay in their order for whoever reads them.
 */
export class Run<Item extends { element: HTMLElement }> {
  readonly #parent: HTMLElement;
  readonly #make: () => Item;
  #first = 0;
  #items: Item[] = [];

  constructor(parent: HTMLElement, make: () => Item) {
    this.#parent = parent;
    this.#make = make;
  }

  get first(): number {
    return this.#first;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  at(place: number): Item | undefined {
    return this.#items[place - this.#first];
  }

  move(first: number, count: number): void {
    const way = first - this.#first;
    if (way > 0 && way < this.#items.length) {
      const left = this.#items.splice(0, way);
      this.#items.push(...left);
      this.#parent.append(...left.map(({ element }) => element));
    } else if (way < 0 && -way < this.#items.length) {
      const left = this.#items.splice(way);
      this.#items.unshift(...left);
      this.#parent.prepend(...left.map(({ element }) => element));
    }
    this.#first = first;
    while (this.#items.length < count) {
      const made = this.#make();
      this.#items.push(made);
      this.#parent.append(made.element);
    }
    while (this.#items.length > count) {
      this.#items.pop()?.element.remove();
    }
  }
}
