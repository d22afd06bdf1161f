/** @file A backbone built from the weights in a safetensors file. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  type BackboneInspection,
  type BlockTaps,
  chooseTaps,
  DomainError,
  FIRST_TOKENS,
  type TappedInput,
  tapsFor,
} from '@plumbline/contracts';
import {
  ARCHITECTURES,
  findArchitecture,
  type RecognizedNetwork,
  recognizeNetwork,
} from './architectures.ts';
import {
  type Backbone,
  DEFAULT_IMAGE_SIZE_PX,
  DEFAULT_STRIDES,
  type FeatureTap,
} from './backbone.ts';
import { backboneError } from './file-error.ts';
import type { Network } from './network.ts';
import { openWeights, type Weights, WrongTensorError } from './weights.ts';

export interface SafetensorsBackboneOptions {
  readonly path: string;
  /** What the weights must be of (`resnet50`, …); told from the tensors when absent. */
  readonly architecture?: string | undefined;
  /** Those of `input` when absent. */
  readonly featureTaps?: readonly string[] | undefined;
  /** Default strides 8 and 16; the architecture's own choice when it has none of them. */
  readonly input?: TappedInput | undefined;
  /** Side of the images that it will see, default 256. */
  readonly imageSizePx?: number | undefined;
}

/**
 * @throws DomainError with field `backbone` when the file can't be read, a part of it is missing or it holds other
 * weights, with field `featureTaps` when the architecture doesn't have the taps or the images are too small for them.
 */
export async function openSafetensorsBackbone(
  options: SafetensorsBackboneOptions,
): Promise<Backbone> {
  const { path, architecture, imageSizePx = DEFAULT_IMAGE_SIZE_PX } = options;
  const { input = { strides: DEFAULT_STRIDES } } = options;
  const weights = openWeights(path);
  try {
    const name = architecture ?? basename(path, '.safetensors');
    const network = chooseNetwork(weights, path, architecture);
    const featureTaps = chooseTaps({
      backbone: name,
      taps: network.taps,
      wanted: options.featureTaps ?? tapsFor(network, input),
      imageSizePx,
    });
    const { firstTokens = 'drop' } = input.blocks ?? {};
    const model = build(network, weights, {
      ...{ architecture, firstTokens },
      taps: featureTaps.map((tap) => tap.name),
    });
    const first = firstTokens === 'keep' ? firstTap(network, featureTaps, imageSizePx) : [];
    return {
      ...{ name, sha256: await sha256Of(path), model },
      featureTaps: [...featureTaps, ...first],
    };
  } finally {
    weights.close();
  }
}

/** One place of the image's size, with the channels of all tokens before the patches. */
function firstTap(
  { firstTokens = 0 }: Network,
  taps: readonly FeatureTap[],
  imageSizePx: number,
): FeatureTap[] {
  if (firstTokens === 0) return [];
  const channels = firstTokens * (taps[0]?.channels ?? 0);
  return [{ name: FIRST_TOKENS, channels, stride: imageSizePx }];
}

function chooseNetwork(weights: Weights, path: string, architecture: string | undefined): Network {
  if (architecture !== undefined) {
    const network = findArchitecture(architecture);
    if (network !== null) return network;
    throw new DomainError('INVALID_INPUT', `There is no architecture "${architecture}".`, {
      field: 'backbone',
      fix: `Known are ${ARCHITECTURES.join(', ')}.`,
    });
  }
  return recognize(weights, path).network;
}

function recognize(weights: Weights, path: string): RecognizedNetwork {
  const recognized = recognizeNetwork(weights);
  if (recognized !== null) return recognized;
  const some = weights.names.slice(0, 3).map((name) => `"${name}"`);
  throw backboneError(
    path,
    `holds weights of no known architecture (its tensors: ${some.join(', ')}, …)`,
    `Known are ${ARCHITECTURES.join(', ')}, under timm's names. Export others as ONNX files.`,
  );
}

/** The network that a file holds weights of, told from its tensors. @throws DomainError as above. */
export function inspectSafetensors(
  path: string,
): Pick<BackboneInspection, 'architecture' | 'featureTaps' | 'defaultTaps'> {
  const weights = openWeights(path);
  try {
    const { network, description } = recognize(weights, path);
    const { taps, defaultTaps } = network;
    return { architecture: description, featureTaps: taps, defaultTaps };
  } finally {
    weights.close();
  }
}

interface BuildOptions {
  readonly architecture: string | undefined;
  readonly taps: readonly string[];
  readonly firstTokens: BlockTaps['firstTokens'];
}

/** The network's graph; an error about a tensor also says what the file looks like. */
function build(
  network: Network,
  weights: Weights,
  { architecture, taps, firstTokens }: BuildOptions,
) {
  try {
    return network.build(weights, taps, firstTokens);
  } catch (error) {
    if (!(error instanceof WrongTensorError) || architecture === undefined) throw error;
    const found = recognizeNetwork(weights)?.description ?? 'no known architecture';
    throw new DomainError(
      'INVALID_INPUT',
      `The file is not of ${architecture}. ${error.message} It looks like ${found}.`,
      { field: 'backbone', fix: `Use the weights of ${architecture}, under timm's names.` },
    );
  }
}

/** Hash of a file that may be larger than memory. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
