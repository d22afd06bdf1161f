import { describe, expect, it } from 'vitest';
import { ADAM_DEFAULTS } from '../../nn/adam.ts';
import { stateLinks, statePieces } from '../../nn/training-state.ts';
import { decodeModelProto } from '../../onnx/schema.ts';
import { rlrParameters } from './parameters.ts';
import { traceTrainingStep } from './training-step.ts';

const network = {
  grid: 12,
  channels: 6,
  width: 16,
  layers: 1,
  heads: 2,
  window: 5,
  blocks: ['mca', 'nsa'],
  gate: 'none',
  referenceLength: 1,
  referenceMode: 'released',
  referenceLoss: false,
} as const;

describe('the training step', () => {
  const { graph } = decodeModelProto(
    traceTrainingStep({
      network,
      batchSize: 2,
      corruption: { jitterScale: 4, maskTokens: false },
      adam: ADAM_DEFAULTS,
    }),
  );
  const links = Object.entries(stateLinks(statePieces(rlrParameters(network))));

  it('computes what is written in place from the only value that is computed from the input', () => {
    const inPlace = links.filter(([, link]) => link.inPlace);
    expect(inPlace.length).toBe((links.length * 2) / 3);
    for (const [input, { output }] of inPlace) {
      const readers = graph.node.filter((node) => node.input.includes(input));
      expect(readers.length, input).toBe(1);
      const [decayed] = readers[0]?.output ?? [];
      const writer = graph.node.find((node) => node.output.includes(output));
      expect(writer?.input, output).toContain(decayed);
    }
  });

  it('copies no state', () => {
    const outputs = new Set(links.map(([, { output }]) => output));
    const copies = graph.node.filter(
      (node) => node.op_type === 'Identity' && node.output.some((name) => outputs.has(name)),
    );
    expect(copies).toEqual([]);
  });
});
