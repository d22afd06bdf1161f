/**
 * @file Taps of a vision transformer averaged in groups, as Dinomaly reads them (Guo et al., CVPR 2025): of its eight blocks
 * nothing but the means of the first and the last four is ever needed, so that two maps an image are kept in place of eight.
 */
import { type BlockTaps, FIRST_TOKENS, joinedTap, tapGroups } from '@plumbline/contracts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { spliceModel } from '../onnx/splice.ts';
import { float32 } from '../onnx/tensor.ts';
import type { Backbone, FeatureTap } from './backbone.ts';

/**
 * The backbone with a tap for each group, named after its first and last block; itself where there is nothing to average.
 * @throws DomainError (field `featureTaps`) when the taps can't be split into the groups.
 */
export function averageTaps(backbone: Backbone, blocks: BlockTaps | undefined): Backbone {
  const [first, patches] = [true, false].map((isFirst) =>
    backbone.featureTaps.filter(({ name }) => (name === FIRST_TOKENS) === isFirst),
  ) as [FeatureTap[], FeatureTap[]];
  const groups = tapGroups(patches, blocks);
  if (groups.length === patches.length) return backbone;
  const featureTaps = [...groups.map(joinedTap), ...first];
  const builder = new GraphBuilder('backbone');
  const values = spliceModel(builder, backbone.model, {
    prefix: 'blocks/',
    inputs: { input: builder.input('input', 'float32', ['N', 3, 'H', 'W']) },
    outputs: backbone.featureTaps.map(({ name }) => name),
  });
  for (const [place, { name, channels }] of featureTaps.entries()) {
    const group = groups[place] ?? [{ name }];
    const maps = group.map((tap) => values[tap.name] as string);
    builder.node('Identity', [addMean(builder, maps)], {}, [name]);
    builder.output(name, 'float32', ['N', channels, `${name}_h`, `${name}_w`]);
  }
  return { ...backbone, model: builder.build(), featureTaps };
}

/** Of values of one shape. */
export function addMean(builder: GraphBuilder, values: readonly string[]): string {
  const sum = values.reduce((total, value) => builder.op('Add', [total, value]));
  return builder.op('Mul', [sum, builder.constant(float32([], [1 / values.length]))]);
}
