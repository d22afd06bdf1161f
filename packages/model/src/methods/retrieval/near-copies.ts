/**
 * @file Training images that show the same thing twice: taken in a burst, re-encoded, brightened. Compared with each other
 * they score far lower than a further image does, which would widen the spread that thresholds are learned from, so
 * neither is used to score the other.
 */

/** For each image the stored ones that are most similar to it, copies of its bytes left out. */
export interface Neighbors {
  /** K. */
  readonly count: number;
  /** int32 `[images, K]`: image indices, most similar first. */
  readonly nearest: Int32Array;
  /** f32 `[images, K]`: sums of the levels' cosines; NaN where an image is not scored. */
  readonly similarities: Float32Array;
}

/**
 * Nearer than this share of the usual distance to the nearest image is a copy. On `real10` and `sample`, with `compact`, the two
 * photographs of one cookie are at 0.27, different images at 0.53 and more.
 */
const COPY_SHARE = 0.4;

/**
 * @param levels How many cosines a similarity is the sum of.
 * @returns int32 `[images]`: a number of each image, the same for copies.
 */
export function nearCopies(
  { count, nearest, similarities }: Neighbors,
  levels: number,
): Int32Array {
  const images = nearest.length / count;
  const distance = (at: number) => Math.sqrt(Math.max(0, levels - (similarities[at] as number)));
  /** How far the images around one are from their nearest: categories differ, and nobody names them here. */
  const usual = Float64Array.from({ length: images }, (_, image) => {
    const around = Array.from(nearest.subarray(image * count, (image + 1) * count), (other) =>
      distance(other * count),
    ).filter((value) => value > 0);
    return around.sort((a, b) => a - b)[Math.floor(around.length / 2)] ?? 0;
  });
  const group = Int32Array.from({ length: images }, (_, image) => image);
  for (let at = 0; at < nearest.length; at++) {
    const [image, other] = [Math.floor(at / count), nearest[at] as number];
    const limit = COPY_SHARE * Math.min(usual[image] as number, usual[other] as number);
    if (distance(at) < limit) join(group, image, other);
  }
  return group.map((_, image) => rootOf(group, image));
}

/** Those that have a copy, by `nearCopies`. */
export function withCopies(group: Int32Array): Set<number> {
  const sizes = new Map<number, number>();
  for (const number of group) sizes.set(number, (sizes.get(number) ?? 0) + 1);
  const found = Array.from(group.keys()).filter(
    (image) => (sizes.get(group[image] ?? -1) ?? 0) > 1,
  );
  return new Set(found);
}

function join(group: Int32Array, a: number, b: number): void {
  const [first, second] = [rootOf(group, a), rootOf(group, b)];
  group[Math.max(first, second)] = Math.min(first, second);
}

function rootOf(group: Int32Array, image: number): number {
  let root = image;
  while (group[root] !== root) root = group[root] as number;
  return root;
}
