/**
 * Choices of a random run, drawn from a list of numbers. A used-up tape answers 0, which always is the harmless choice,
 * so a shorter list of smaller numbers is a simpler run: that is what shrinking looks for.
 */
export class Tape {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** From here on everything goes well. */
  end(): void {
    this.#next = this.#numbers.length;
  }

  /** A number from 0 to `count` - 1. */
  below(count: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return number % count;
  }

  /** True in `percent` of all cases. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  pick<Choice>(first: Choice, ...others: readonly Choice[]): Choice {
    return [first, ...others][this.below(others.length + 1)] ?? first;
  }

  /** Each of `items` in `percent` of all cases. */
  some<Item>(items: readonly Item[], percent: number): readonly Item[] {
    return items.filter(() => this.chance(percent));
  }
}
