/** @file What was read once and never changes, as much of it as a capacity holds; the least recently used goes first. */

interface Kept<Value> {
  readonly value: Value;
  readonly size: number;
}

export class BoundedCache<Value> {
  readonly #capacity: number;
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept<Value>>();
  #size = 0;

  /** @param capacity In the unit of the sizes. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): Value | undefined {
    const known = this.#kept.get(key);
    if (known === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, known);
    return known.value;
  }

  /** The largest are not kept: one would push out many. */
  keep(key: string, value: Value, size: number): void {
    if (this.#kept.has(key) || size > this.#capacity / 4) return;
    this.#kept.set(key, { value, size });
    this.#size += size;
    for (const [oldest, { size: freed }] of this.#kept) {
      if (this.#size <= this.#capacity) return;
      this.#kept.delete(oldest);
      this.#size -= freed;
    }
  }
}
