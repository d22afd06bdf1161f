/** @file DRAEM's two networks as data: what convolves what, at which part of the image's side. */

/** A convolution of 3×3 that keeps the grid, with bias; normalized and cut off at 0 unless it is the last. */
export interface UnetConvolution {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Its grid's side is the image's divided by this. */
  readonly stride: number;
}

/** Encoder and decoder; the grid is halved between the blocks of the one and doubled before those of the other. */
export interface Unet {
  readonly encoder: readonly (readonly UnetConvolution[])[];
  readonly decoder: readonly {
    /** After the enlargement. */
    readonly up: UnetConvolution;
    readonly block: readonly UnetConvolution[];
  }[];
  readonly last: UnetConvolution;
  /** Whether a decoder's block also sees what the encoder's block of its grid gave. */
  readonly skips: boolean;
}

export interface DraemNetwork {
  /** Gives the image without its defect. */
  readonly rebuilding: Unet;
  /** Of the rebuilt and the given image: two logits for each pixel. */
  readonly separating: Unet;
}

const COLORS = 3;
/** Channels of the encoder's blocks, in widths. */
const WIDTHS = [1, 2, 4, 8, 8, 8];
/** The image's side is halved as often. */
const HALVINGS = WIDTHS.length - 1;
/** What the image's side must be a multiple of. */
export const DRAEM_SIDE_MULTIPLE = 2 ** HALVINGS;

/** @param width Channels of the rebuilding network's first block, as released 128; the other has half of them. */
export function draemNetwork(width: number): DraemNetwork {
  return {
    rebuilding: unet({
      ...{ name: 'rebuilding', width, blocks: WIDTHS.length - 1, skips: false },
      ...{ inChannels: COLORS, outChannels: COLORS },
    }),
    separating: separatingUnet(width / 2, 2),
  };
}

/** Of two images side by side. @param width Channels of its first block. */
export function separatingUnet(width: number, outChannels: number): Unet {
  return unet({
    ...{ name: 'separating', width, blocks: WIDTHS.length, skips: true },
    ...{ inChannels: 2 * COLORS, outChannels },
  });
}

interface UnetShape extends Pick<Unet, 'skips'> {
  readonly name: string;
  readonly width: number;
  readonly blocks: number;
  readonly inChannels: number;
  readonly outChannels: number;
}

function unet({ name, width, blocks, skips, inChannels, outChannels }: UnetShape): Unet {
  const channels = WIDTHS.slice(0, blocks).map((widths) => widths * width);
  const at = (block: number) => channels[block] ?? width;
  const convolution = (part: string, from: number, to: number, block: number): UnetConvolution => ({
    ...{ name: `${name}.${part}`, inChannels: from, outChannels: to, stride: 2 ** block },
  });
  const encoder = channels.map((own, block) => [
    convolution(`encoder${block}.0`, block === 0 ? inChannels : at(block - 1), own, block),
    convolution(`encoder${block}.1`, own, own, block),
  ]);
  const decoder = Array.from({ length: blocks - 1 }, (_, stage) => {
    const block = blocks - 2 - stage;
    const [given, next] = [at(block), block === 0 ? width : at(block - 1)];
    // Without skips the last convolution of a stage narrows, with them the first.
    const inside = skips ? next : given;
    const part = `decoder${stage}`;
    return {
      up: convolution(`${part}.up`, given, inside, block),
      block: [
        convolution(`${part}.0`, skips ? inside + given : inside, inside, block),
        convolution(`${part}.1`, inside, next, block),
      ],
    };
  });
  return { encoder, decoder, last: convolution('last', width, outChannels, 0), skips };
}

/** Those that are normalized, in the order in which they are computed. */
export function normalizedConvolutions({ encoder, decoder }: Unet): UnetConvolution[] {
  return [...encoder.flat(), ...decoder.flatMap(({ up, block }) => [up, ...block])];
}

/** Multiplications for an image. */
export function draemWork({ rebuilding, separating }: DraemNetwork, imageSizePx: number): number {
  return unetWork(rebuilding, imageSizePx) + unetWork(separating, imageSizePx);
}

export function unetWork(net: Unet, imageSizePx: number): number {
  return sumOf(
    net,
    ({ inChannels, outChannels, stride }) =>
      9 * inChannels * outChannels * (imageSizePx / stride) ** 2,
  );
}

/** Numbers that the convolutions give for an image. */
export function draemValues({ rebuilding, separating }: DraemNetwork, imageSizePx: number): number {
  return unetValues(rebuilding, imageSizePx) + unetValues(separating, imageSizePx);
}

export function unetValues(net: Unet, imageSizePx: number): number {
  return sumOf(net, ({ outChannels, stride }) => outChannels * (imageSizePx / stride) ** 2);
}

/** Maps of the image's size that are held at once: skips, a concatenation, what a convolution reads and gives. */
const MAPS_AT_ONCE = 8;

/** What scoring an image holds. @param width Channels of the first block of the wider network. */
export function unetScoreBytes(width: number, imageSizePx: number): number {
  return 4 * MAPS_AT_ONCE * width * imageSizePx ** 2;
}

function sumOf(net: Unet, of: (convolution: UnetConvolution) => number): number {
  return [...normalizedConvolutions(net), net.last].reduce((sum, one) => sum + of(one), 0);
}
