/** @file Which images a step sees: a function of seed, stage and step, so that a run can be resumed anywhere. */
import type { Streams } from './streams.ts';
import type { Batches } from './trainable.ts';

/** Slots after which the order of the groups repeats. */
const PERIOD = 240;

/** Images that are drawn in epochs of random permutations of their own. */
export interface ImageGroup {
  readonly name: string;
  readonly images: readonly number[];
  /** How often one of its images is drawn, in proportion to those of the other groups. */
  readonly weight: number;
}

/** All images of a source as one group. */
export function allImages(count: number): ImageGroup[] {
  return [{ name: '', images: Array.from({ length: count }, (_, image) => image), weight: 1 }];
}

/** Each category as a group, by name; all alike. */
export function categoryGroups(categories: readonly string[]): ImageGroup[] {
  const groups = new Map<string, number[]>();
  for (const [image, category] of categories.entries()) {
    const images = groups.get(category);
    if (images === undefined) groups.set(category, [image]);
    else images.push(image);
  }
  return [...groups.keys()]
    .sort()
    .map((name) => ({ name, images: groups.get(name) as number[], weight: 1 }));
}

/** A group with the slots of a period that it has, and how many of them lie before each slot. */
interface Turns {
  readonly group: ImageGroup;
  slots: number;
  readonly before: number[];
}

/** The groups take turns as often as their weights say; each goes through all its images before one comes again. */
export class EpochBatches implements Batches {
  readonly #random: Streams;
  readonly #batchSize: number;
  readonly #turns: readonly Turns[];
  /** Group of each slot of a period. */
  readonly #period: readonly number[];
  readonly #orders = new Map<string, { epoch: number; order: Int32Array }>();

  constructor(groups: readonly ImageGroup[], batchSize: number, random: Streams) {
    this.#random = random;
    this.#batchSize = batchSize;
    this.#turns = groups.map((group) => ({ group, slots: 0, before: [] }));
    this.#period = takeTurns(this.#turns);
  }

  images(step: number): Int32Array {
    return Int32Array.from({ length: this.#batchSize }, (_, slot) =>
      this.#image(step * this.#batchSize + slot),
    );
  }

  #image(position: number): number {
    const within = position % this.#period.length;
    const { group, slots, before } = this.#turns[this.#period[within]!]!;
    const drawn = Math.floor(position / this.#period.length) * slots + before[within]!;
    const count = group.images.length;
    return group.images[this.#order(group, Math.floor(drawn / count))[drawn % count]!]!;
  }

  #order({ name, images }: ImageGroup, epoch: number): Int32Array {
    const known = this.#orders.get(name);
    if (known?.epoch === epoch) return known.order;
    const order = this.#random('order', name, epoch).permutation(images.length);
    this.#orders.set(name, { epoch, order });
    return order;
  }
}

/** Spreads each group's slots evenly over a period: the one that lags its share most is next. Fills the groups' slots. */
function takeTurns(turns: readonly Turns[]): number[] {
  const total = turns.reduce((sum, { group }) => sum + group.weight, 0);
  const period: number[] = [];
  const length = Math.max(PERIOD, 8 * turns.length);
  for (let slot = 0; slot < length; slot++) {
    let next = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (const [index, { group, slots, before }] of turns.entries()) {
      before.push(slots);
      const lag = ((slot + 1) * group.weight) / total - slots;
      if (lag > largest) [next, largest] = [index, lag];
    }
    turns[next]!.slots++;
    period.push(next);
  }
  return period;
}

/** Held-out images that a check looks at; it must stay cheap beside an epoch. */
const MOST_HELD_OUT = 64;

/** Whole batches of evenly spread images: at least one, at most `MOST_HELD_OUT` images. */
export function spreadBatches(count: number, batchSize: number): Int32Array[] {
  const batches = Math.max(1, Math.floor(Math.min(count, MOST_HELD_OUT) / batchSize));
  const step = count / (batches * batchSize);
  return Array.from({ length: batches }, (_, batch) =>
    Int32Array.from({ length: batchSize }, (__, slot) =>
      Math.floor((batch * batchSize + slot) * step),
    ),
  );
}
