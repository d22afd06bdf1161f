/** @file The backbone that comes with the platform: half-width ResNet-18 up to its third stage, distilled for it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backbone, FeatureTap } from './backbone.ts';
import { buildResNetGraph } from './resnet-graph.ts';
import { readSafetensors } from './safetensors.ts';
import { unknownTapError } from './unknown-tap-error.ts';

const ASSET = join(import.meta.dirname, '../../assets/compact-f16.safetensors');

const TAPS: readonly FeatureTap[] = [
  { name: 'layer1', channels: 32, stride: 4 },
  { name: 'layer2', channels: 64, stride: 8 },
  { name: 'layer3', channels: 128, stride: 16 },
];
const DEFAULT_TAPS = ['layer2', 'layer3'];

/**
 * The embedded default, which needs no download.
 * @param featureTaps Of `layer1`, `layer2`, `layer3`; default the last two.
 */
export async function openCompactBackbone(
  featureTaps: readonly string[] = DEFAULT_TAPS,
): Promise<Backbone> {
  const wanted = featureTaps.map((name) => {
    const tap = TAPS.find((candidate) => candidate.name === name);
    if (tap === undefined) throw unknownTapError('compact', name, TAPS);
    return tap;
  });
  if (wanted.length === 0 || new Set(wanted).size < wanted.length) {
    throw unknownTapError('compact', null, TAPS);
  }
  const bytes = await readFile(ASSET);
  const { tensors } = readSafetensors(bytes, 'compact-f16.safetensors');
  return {
    name: 'compact',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    model: buildResNetGraph(tensors, { taps: featureTaps, blocksPerStage: 2 }),
    featureTaps: wanted,
  };
}
