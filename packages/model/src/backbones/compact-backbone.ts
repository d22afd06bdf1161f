/** @file The backbone that comes with the platform: half-width ResNet-18 up to its third stage, distilled for it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Backbone, DEFAULT_IMAGE_SIZE_PX, DEFAULT_STRIDES } from './backbone.ts';
import { chooseTaps, tapsAtStrides } from './choose-taps.ts';
import { measureResNet, resNet } from './resnet-graph.ts';
import { readSafetensors } from './safetensors.ts';
import { weightsOf } from './weights.ts';

const ASSET = join(import.meta.dirname, '../../assets/compact-f16.safetensors');

/**
 * The embedded default, which needs no download.
 * @param featureTaps Of `layer1`, `layer2`, `layer3`; default those at `strides`.
 */
export async function openCompactBackbone(
  featureTaps?: readonly string[],
  imageSizePx: number = DEFAULT_IMAGE_SIZE_PX,
  strides: readonly number[] = DEFAULT_STRIDES,
): Promise<Backbone> {
  const bytes = await readFile(ASSET);
  const { tensors } = readSafetensors(bytes, 'compact-f16.safetensors');
  const weights = weightsOf(tensors, 'compact-f16.safetensors');
  const description = measureResNet(weights);
  if (description === null) throw new Error('The embedded weights are of no ResNet.');
  const network = resNet(description);
  const wanted = featureTaps ?? tapsAtStrides(network, strides);
  const taps = chooseTaps({ backbone: 'compact', taps: network.taps, wanted, imageSizePx });
  return {
    name: 'compact',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    model: network.build(weights, wanted),
    featureTaps: taps,
  };
}
