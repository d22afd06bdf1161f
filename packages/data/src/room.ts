/** @file A bound on what is done at once, where each piece takes another share of it: bytes read, or pixels decoded. */

interface Waiting {
  readonly weight: number;
  enter(): void;
}

export class Room {
  readonly #size: number;
  readonly #least: number;
  readonly #waiting: Waiting[] = [];
  #taken = 0;

  /** @param least That each piece takes: at most `size / least` are in it at once. */
  constructor(size: number, least = 0) {
    this.#size = size;
    this.#least = least;
  }

  /** Once there is room for it, in turn. What is larger than the room has it alone. */
  async use<Result>(weight: number, work: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter(weight);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** As `use`, until what this gives is called. */
  async enter(weight: number): Promise<() => void> {
    const share = Math.min(Math.max(weight, this.#least), this.#size);
    if (this.#waiting.length > 0 || this.#taken + share > this.#size)
      await new Promise<void>((enter) => this.#waiting.push({ weight: share, enter }));
    else this.#taken += share;
    return () => {
      this.#taken -= share;
      this.#letIn();
    };
  }

  #letIn(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#taken + next.weight > this.#size) return;
      this.#waiting.shift();
      this.#taken += next.weight;
      next.enter();
    }
  }
}
