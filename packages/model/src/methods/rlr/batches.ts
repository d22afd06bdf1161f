/** @file Which images a step sees: a function of seed, level and step, so that a run can be resumed anywhere. */
import type { EveryRlrSetting } from '@plumbline/contracts';
import { RandomStream } from '../../nn/random.ts';
import type { FeatureSource } from '../method.ts';

type Balance = EveryRlrSetting['balance'];

export interface BatchPlanOptions {
  readonly seed: number;
  readonly tap: string;
  readonly level: number;
  readonly features: FeatureSource;
  /** Tokens of an image, `L·C` numbers. */
  readonly tokens: number;
  readonly channels: number;
  readonly balance: Balance;
  readonly batchSize: number;
}

/** Slots after which the order of the groups repeats. */
const PERIOD = 240;
/** Images of a category that its difficulty is measured on. */
const MEASURED_IMAGES = 6;
/** No category gets less than this share of an equal one, however easy it is. */
const SMALLEST_SHARE = 0.5;

/** Images that are drawn in epochs of random permutations of their own. */
interface Group {
  readonly name: string;
  readonly images: readonly number[];
  /** Slots of a period that it has, and how many of them lie before each slot. */
  slots: number;
  readonly before: number[];
}

/**
 * The batches of a level. Without balance all images are one group; otherwise each category is one, and the groups
 * take turns as often as their weights say.
 */
export class BatchPlan {
  readonly #options: BatchPlanOptions;
  readonly #groups: readonly Group[];
  /** Group of each slot of a period. */
  readonly #turns: readonly number[];
  readonly #orders = new Map<string, { epoch: number; order: Int32Array }>();

  constructor(options: BatchPlanOptions) {
    this.#options = options;
    const { groups, weights } = groupImages(options);
    this.#groups = groups;
    this.#turns = takeTurns(groups, weights);
  }

  /** @param step 0-based. @returns i32 `[batchSize]`, image indices. */
  images(step: number): Int32Array {
    const { batchSize } = this.#options;
    const images = new Int32Array(batchSize);
    for (let slot = 0; slot < batchSize; slot++)
      images[slot] = this.#image(step * batchSize + slot);
    return images;
  }

  #image(position: number): number {
    const within = position % this.#turns.length;
    const group = this.#groups[this.#turns[within]!]!;
    const drawn = Math.floor(position / this.#turns.length) * group.slots + group.before[within]!;
    const count = group.images.length;
    return group.images[this.#order(group, Math.floor(drawn / count))[drawn % count]!]!;
  }

  #order(group: Group, epoch: number): Int32Array {
    const known = this.#orders.get(group.name);
    if (known?.epoch === epoch) return known.order;
    const { seed, tap } = this.#options;
    const purpose = `order/${tap}/${group.name}/${epoch}`;
    const order = RandomStream.from(seed, purpose).permutation(group.images.length);
    this.#orders.set(group.name, { epoch, order });
    return order;
  }
}

function groupImages(options: BatchPlanOptions): { groups: Group[]; weights: number[] } {
  const { features, balance } = options;
  const all = Array.from({ length: features.count }, (_, image) => image);
  const group = (name: string, images: number[]): Group => ({ name, images, slots: 0, before: [] });
  if (balance === 'none') return { groups: [group('', all)], weights: [1] };
  const names = [...new Set(features.categories)].sort();
  const groups = names.map((name) =>
    group(
      name,
      all.filter((image) => features.categories[image] === name),
    ),
  );
  const weights = groups.map(({ images }) =>
    balance === 'difficulty' ? Math.sqrt(tokenSpread(options, images)) : 1,
  );
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return { groups, weights: weights.map((weight) => Math.max(weight, SMALLEST_SHARE * mean)) };
}

/** Mean squared distance of a category's tokens from their mean: what a network that knows the mean has yet to learn. */
function tokenSpread(options: BatchPlanOptions, images: readonly number[]): number {
  const { features, level, tokens, channels } = options;
  const step = Math.max(1, Math.floor(images.length / MEASURED_IMAGES));
  const chosen = images.filter((_, index) => index % step === 0).slice(0, MEASURED_IMAGES);
  const values = new Float32Array(chosen.length * tokens);
  features.read(level, Int32Array.from(chosen), values);
  const sums = new Float64Array(channels);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    sums[i % channels]! += values[i]!;
    squares += values[i]! ** 2;
  }
  const rows = values.length / channels;
  const ofMean = sums.reduce((sum, value) => sum + (value / rows) ** 2, 0);
  return Math.max(squares / rows - ofMean, 1e-12);
}

/** Spreads each group's slots evenly over a period: the one that lags its share most is next. Fills the groups' slots. */
function takeTurns(groups: readonly Group[], weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const turns: number[] = [];
  const length = Math.max(PERIOD, 8 * groups.length);
  for (let slot = 0; slot < length; slot++) {
    let next = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (const [index, group] of groups.entries()) {
      group.before.push(group.slots);
      const lag = ((slot + 1) * weights[index]!) / total - group.slots;
      if (lag > largest) [next, largest] = [index, lag];
    }
    groups[next]!.slots++;
    turns.push(next);
  }
  return turns;
}
