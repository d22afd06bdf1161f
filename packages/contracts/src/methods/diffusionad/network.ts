/**
 * @file DiffusionAD's two networks as data. The denoiser is guided-diffusion's U-Net (Dhariwal and Nichol 2021) as released
 * with DiffusionAD; the other is the separating U-Net of DRAEM, with one output.
 */
import { separatingUnet, type Unet, unetValues, unetWork } from '../draem/network.ts';

/** A residual block: two convolutions of 3×3 with the time between them, then attention where it has any. */
export interface DenoiserBlock {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** The side of the grid that it gives is the image's divided by this. */
  readonly stride: number;
  /** What it does to the grid before its convolutions. */
  readonly scale: 'halve' | 'keep' | 'double';
  readonly attends: boolean;
}

export interface Denoiser {
  /** Of the first convolution. */
  readonly width: number;
  /** Of each group normalization. */
  readonly groups: number;
  /** Numbers that a time is embedded into. */
  readonly embedding: number;
  /** What each of them gives is kept, beside what the first convolution gives. */
  readonly down: readonly DenoiserBlock[];
  readonly middle: readonly DenoiserBlock[];
  /** Each stage also reads what was kept last. */
  readonly up: readonly (readonly DenoiserBlock[])[];
}

export interface DiffusionNetwork {
  readonly denoiser: Denoiser;
  /** Of the given and the rebuilt image: one logit per pixel. */
  readonly separating: Unet;
}

const COLORS = 3;
const NORM_GROUPS = 32;
const BLOCKS_PER_LEVEL = 2;
export const DENOISER_HEADS = 4;
/** Blocks attend on grids of this side and smaller. */
const ATTENDED_GRID = 32;

/** Channels of each level in widths, each on half the grid of the one before it: as released, by the image's side. */
function levelWidths(imageSizePx: number): readonly number[] {
  if (imageSizePx >= 224) return [1, 1, 2, 2, 4, 4];
  return imageSizePx >= 128 ? [1, 1, 2, 3, 4] : [1, 2, 3, 4];
}

/** @param width A multiple of 8, as released 128; the separating network has half of it. */
export function diffusionNetwork(width: number, imageSizePx: number): DiffusionNetwork {
  return { denoiser: denoiser(width, imageSizePx), separating: separatingUnet(width / 2, 1) };
}

/** Largest number of groups, up to the published one, that divides the channels of every level. */
function groupsOf(width: number): number {
  let groups = NORM_GROUPS;
  while (width % groups !== 0) groups /= 2;
  return groups;
}

function denoiser(width: number, imageSizePx: number): Denoiser {
  const widths = levelWidths(imageSizePx).map((factor) => factor * width);
  const last = widths.length - 1;
  const blockAt = (level: number, block: Omit<DenoiserBlock, 'stride' | 'attends'>) => ({
    ...block,
    stride: 2 ** level,
    attends: block.scale === 'keep' && imageSizePx / 2 ** level <= ATTENDED_GRID,
  });
  const kept = [width];
  let inChannels = width;
  const down = widths.flatMap((outChannels, level) => {
    const blocks = Array.from({ length: BLOCKS_PER_LEVEL }, (_, place) => {
      const name = `down${level}.${place}`;
      const block = blockAt(level, { name, inChannels, outChannels, scale: 'keep' });
      inChannels = outChannels;
      return block;
    });
    if (level < last)
      blocks.push(
        blockAt(level + 1, {
          ...{ name: `down${level}.halve`, inChannels, outChannels, scale: 'halve' },
        }),
      );
    kept.push(...blocks.map((block) => block.outChannels));
    return blocks;
  });
  const deepest = { inChannels, outChannels: inChannels, scale: 'keep' } as const;
  const middle = [
    { ...blockAt(last, { name: 'middle.0', ...deepest }), attends: true },
    { ...blockAt(last, { name: 'middle.1', ...deepest }), attends: false },
  ];
  const up = [...widths.entries()].reverse().flatMap(([level, outChannels]) =>
    Array.from({ length: BLOCKS_PER_LEVEL + 1 }, (_, place) => {
      const name = `up${level}.${place}`;
      const joined = inChannels + (kept.pop() ?? 0);
      inChannels = outChannels;
      const own = blockAt(level, { name, inChannels: joined, outChannels, scale: 'keep' });
      if (level === 0 || place < BLOCKS_PER_LEVEL) return [own];
      const doubled = { name: `up${level}.double`, inChannels, outChannels } as const;
      return [own, blockAt(level - 1, { ...doubled, scale: 'double' })];
    }),
  );
  return { width, groups: groupsOf(width), embedding: 4 * width, down, middle, up };
}

export function denoiserBlocks({ down, middle, up }: Denoiser): DenoiserBlock[] {
  return [...down, ...middle, ...up.flat()];
}

/** How often the denoiser sees an image: with little and with much noise. */
const NOISE_LEVELS = 2;

/** Multiplications for an image. */
export function diffusionWork(network: DiffusionNetwork, imageSizePx: number): number {
  return (
    NOISE_LEVELS * denoiserWork(network.denoiser, imageSizePx) +
    unetWork(network.separating, imageSizePx)
  );
}

/** Multiplications for an image at one time. */
export function denoiserWork(network: Denoiser, imageSizePx: number): number {
  const { width, embedding } = network;
  const ends = 2 * 9 * COLORS * width * imageSizePx ** 2;
  const time = width * embedding + embedding ** 2;
  return denoiserBlocks(network).reduce((sum, block) => {
    const { inChannels, outChannels, stride, attends } = block;
    const places = (imageSizePx / stride) ** 2;
    const skip = inChannels === outChannels ? 0 : inChannels * outChannels;
    const convolutions = (9 * (inChannels + outChannels) * outChannels + skip) * places;
    // Queries, keys, values and what comes out; then both products of attention.
    const attention = attends ? 4 * outChannels ** 2 * places + 2 * outChannels * places ** 2 : 0;
    return sum + convolutions + embedding * outChannels + attention;
  }, ends + time);
}

/** Numbers that layers give for an image. */
export function diffusionValues(network: DiffusionNetwork, imageSizePx: number): number {
  const ofDenoiser = denoiserBlocks(network.denoiser).reduce(
    (sum, { inChannels, outChannels, stride, attends }) => {
      const places = (imageSizePx / stride) ** 2;
      const attention = attends ? 4 * outChannels * places + DENOISER_HEADS * places ** 2 : 0;
      return sum + (inChannels + 2 * outChannels) * places + attention;
    },
    0,
  );
  return NOISE_LEVELS * ofDenoiser + unetValues(network.separating, imageSizePx);
}
