/** @file What a small dataset in a layout is, and what an import must make of it. */
import type { SplitRule } from '@plumbline/contracts';
import { makeImage, makeMask, type Tree } from './dataset-files.ts';

/** Of every image and mask here, pixels. */
export const WIDTH = 24;
export const HEIGHT = 16;

export interface LayoutTree {
  readonly name: string;
  readonly layout: string;
  /** Paths of images; each gets pixels of its own. */
  readonly images: readonly string[];
  /** Pixels that each mask marks. */
  readonly masks?: Readonly<Record<string, number>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly split?: SplitRule;
  /** `path split label type marked pixels`, sorted; `-` where there is none. */
  readonly samples: readonly string[];
  /** Codes of the warnings that the layout gives. */
  readonly notes?: readonly string[];
}

export async function treeOf({ images, masks = {}, files = {} }: LayoutTree): Promise<Tree> {
  const tree: Tree = { ...files };
  for (const [index, path] of images.entries()) {
    const format = /\.jpe?g$/i.test(path) ? 'jpeg' : 'png';
    tree[path] = await makeImage(index * 7, { format, width: WIDTH, height: HEIGHT });
  }
  for (const [path, marked] of Object.entries(masks)) tree[path] = await makeMask(marked);
  return tree;
}
