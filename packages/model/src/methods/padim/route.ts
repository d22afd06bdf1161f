/**
 * @file Which category's Gaussians score an image: those of the training image that it resembles most, by descriptors as
 * retrieval compares images. N images, M stored ones, E numbers of a descriptor, G groups of images: categories.
 */
import { ROUTER_IMAGES } from '@plumbline/contracts';
import { gather, type Tensor, tensor1d, topk } from '@tensorflow/tfjs-core';
import { coveringImages } from '../covering-images.ts';
import { type DescribedLevel, describeImages, similaritiesTo } from '../image-descriptor.ts';

/** The images of each category, numbered. */
export interface Groups {
  readonly names: readonly string[];
  /** `[images]`. */
  readonly of: Int32Array;
}

/** @param areApart Whether each category is a group of its own; all images are one otherwise. */
export function groupsOf(categories: readonly string[], areApart: boolean): Groups {
  if (!areApart) return { names: [''], of: new Int32Array(categories.length) };
  const names = [...new Set(categories)].sort();
  const numbers = new Map(names.map((name, number) => [name, number]));
  return { names, of: Int32Array.from(categories, (name) => numbers.get(name) ?? 0) };
}

/** Training images that others are looked up by. */
export interface Router {
  /** Image indices, ascending. */
  readonly images: Int32Array;
  /** f32 `[M, E]`. */
  readonly descriptors: Float32Array;
  /** `[M]`: the group of each. */
  readonly groups: Int32Array;
}

/** Of each group those that cover its descriptors best. @param descriptors f32 `[images, E]`. */
export async function chooseRouter(
  { names, of }: Groups,
  descriptors: Float32Array,
): Promise<Router> {
  const size = descriptors.length / of.length;
  const row = (image: number) => descriptors.subarray(image * size, (image + 1) * size);
  const chosen: number[] = [];
  for (const group of names.keys()) {
    const members = Int32Array.from(of.keys()).filter((image) => of[image] === group);
    const kept = await coveringImages({
      ...{ descriptors: joined(members, row, size), size, count: ROUTER_IMAGES },
      onProgress: async () => {},
    });
    chosen.push(...kept.map((slot) => members[slot] as number));
  }
  const images = Int32Array.from(chosen).sort();
  return {
    images,
    descriptors: joined(images, row, size),
    groups: images.map((image) => of[image] as number),
  };
}

function joined(
  images: Int32Array,
  row: (image: number) => Float32Array,
  size: number,
): Float32Array {
  const out = new Float32Array(images.length * size);
  for (const [slot, image] of images.entries()) out.set(row(image), slot * size);
  return out;
}

/**
 * @param tokens For each level f32 `[N, P, C]`.
 * @returns int32 `[N, 1]`: the group.
 */
export function routedGroup(
  tokens: readonly Tensor[],
  levels: readonly DescribedLevel[],
  router: Router,
): Tensor {
  const similarities = similaritiesTo(describeImages(tokens, levels), router.descriptors);
  return gather(tensor1d(router.groups, 'int32'), topk(similarities, 1).indices);
}

/**
 * The group of a training image when neither itself nor a copy of it is known.
 * @param own f32 `[E]`.
 * @param isSame Whether another image is the same.
 * @returns null where there is no other image.
 */
export function groupWithout(
  own: Float32Array,
  router: Router,
  isSame: (image: number) => boolean,
): number | null {
  let [group, most]: [number | null, number] = [null, Number.NEGATIVE_INFINITY];
  for (const [slot, image] of router.images.entries()) {
    if (isSame(image)) continue;
    let similarity = 0;
    const start = slot * own.length;
    for (let e = 0; e < own.length; e++)
      similarity += own[e]! * (router.descriptors[start + e] as number);
    if (similarity > most) [group, most] = [router.groups[slot] as number, similarity];
  }
  return group;
}
