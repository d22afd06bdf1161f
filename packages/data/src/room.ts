/** @file A bound on what is done at once, where each piece takes another share of it: bytes read, or pixels decoded. */

interface Waiting {
  readonly weight: number;
  enter(): void;
}

export class Room {
  readonly #size: number;
  readonly #waiting: Waiting[] = [];
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Once there is room for it, in turn. What is larger than the room has it alone. */
  async use<Result>(weight: number, work: () => Promise<Result>): Promise<Result> {
    const share = Math.min(weight, this.#size);
    if (this.#waiting.length > 0 || this.#taken + share > this.#size)
      await new Promise<void>((enter) => this.#waiting.push({ weight: share, enter }));
    else this.#taken += share;
    try {
      return await work();
    } finally {
      this.#taken -= share;
      this.#letIn();
    }
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
