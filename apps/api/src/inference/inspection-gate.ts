/** @file Lets a few images be decoded and held at once; one of 100 megapixels takes 300 MB. */

export class InspectionGate {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** @param places how many pieces of work may run at once */
  constructor(places: number) {
    this.#free = places;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
