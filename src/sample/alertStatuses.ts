/** Which alerts were dismissed in one service instance, by name, and when (milliseconds since 1970). */
export class AlertStatuses {
  readonly #dismissed = new Map<string, number>();

  dismissedAt(name: string): number | undefined {
    return this.#dismissed.get(name);
  }

  dismiss(name: string, at: number): void {
    this.#dismissed.set(name, at);
  }

  reset(): void {
    this.#dismissed.clear();
  }
}
