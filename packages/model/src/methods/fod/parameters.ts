/** @file FOD's parameters, all levels one after the other. C channels, d width, H heads. */
import { FOD_ATTENTIONS, type FodNetwork } from '@plumbline/contracts';
import { linearSpecs, normSpecs } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';

/** The embedding of an image and of its reference: He et al. 2015 over the inputs. */
function embeddingSpecs(name: string, channels: number, d: number): ParameterSpec[] {
  return linearSpecs(name, channels, d, {
    weight: { kind: 'normal', std: Math.sqrt(2 / channels) },
  });
}

/** Without the released output projection, whose result the released code throws away. */
function attentionSpecs(name: string, { width: d, heads }: FodNetwork): ParameterSpec[] {
  return [
    ...linearSpecs(`${name}.query`, d, d),
    ...linearSpecs(`${name}.key`, d, d),
    ...linearSpecs(`${name}.value`, d, d),
    // How far a token looks down and across, for each head.
    ...linearSpecs(`${name}.sigma`, d, 2 * heads),
  ];
}

function layerSpecs(name: string, network: FodNetwork): ParameterSpec[] {
  const { width: d } = network;
  return [
    ...FOD_ATTENTIONS.flatMap((kind) => attentionSpecs(`${name}.${kind}`, network)),
    ...normSpecs(`${name}.norm1`, d),
    ...linearSpecs(`${name}.fc1`, d, 4 * d),
    ...linearSpecs(`${name}.fc2`, 4 * d, d),
    ...normSpecs(`${name}.norm2`, d),
  ];
}

/** Of one level. */
export function networkParameters(name: string, network: FodNetwork): ParameterSpec[] {
  const { channels, width: d, layers } = network;
  return [
    ...embeddingSpecs(`${name}.embedding`, channels, d),
    ...embeddingSpecs(`${name}.reference`, channels, d),
    ...Array.from({ length: layers }, (_, layer) =>
      layerSpecs(`${name}.layers.${layer}`, network),
    ).flat(),
    ...normSpecs(`${name}.norm`, d),
    ...linearSpecs(`${name}.out`, d, channels),
  ];
}

export function levelName(level: number): string {
  return `levels.${level}`;
}

/** In the order of the flat vector. */
export function fodParameters(networks: readonly FodNetwork[]): ParameterSpec[] {
  return networks.flatMap((network, level) => networkParameters(levelName(level), network));
}
