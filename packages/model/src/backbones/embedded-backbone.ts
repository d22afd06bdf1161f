/** @file The backbones that come with the platform: ResNet-18 up to its third stage, whole and half as wide, distilled for it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseTaps, type EmbeddedBackboneName, tapsFor } from '@plumbline/contracts';
import { type Backbone, DEFAULT_IMAGE_SIZE_PX, DEFAULT_STRIDES } from './backbone.ts';
import { measureResNet, resNet } from './resnet-graph.ts';
import { readSafetensors } from './safetensors.ts';
import { weightsOf } from './weights.ts';

const ASSETS = join(import.meta.dirname, '../../assets');
const FILES: Readonly<Record<EmbeddedBackboneName, string>> = {
  standard: 'standard-1.safetensors',
  compact: 'compact-2.safetensors',
};

/**
 * One that needs no download.
 * @param featureTaps Of `layer1`, `layer2`, `layer3`; default those at `strides`.
 */
export async function openEmbeddedBackbone(
  name: EmbeddedBackboneName,
  featureTaps?: readonly string[],
  imageSizePx: number = DEFAULT_IMAGE_SIZE_PX,
  strides: readonly number[] = DEFAULT_STRIDES,
): Promise<Backbone> {
  const bytes = await readFile(join(ASSETS, FILES[name]));
  const { tensors } = readSafetensors(bytes, FILES[name]);
  const weights = weightsOf(tensors, FILES[name]);
  const description = measureResNet(weights);
  if (description === null) throw new Error(`${FILES[name]} holds no ResNet.`);
  const network = resNet(description);
  const wanted = featureTaps ?? tapsFor(network, { strides });
  const taps = chooseTaps({ backbone: name, taps: network.taps, wanted, imageSizePx });
  return {
    name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    model: network.build(weights, wanted),
    featureTaps: taps,
  };
}
