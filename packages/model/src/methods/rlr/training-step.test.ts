import { describe, expect, it } from 'vitest';
import { decodeModelProto } from '../../onnx/schema.ts';
import { traceProgram } from '../../trace/index.ts';
import { adam } from '../../training/optimizers.ts';
import { stateLayout, stateLinks } from '../../training/state-layout.ts';
import { stepProgram } from '../../training/step-program.ts';
import { trainingStep } from './training-step.ts';

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
  const step = trainingStep({
    network,
    batchSize: 2,
    corruption: { jitterScale: 4, maskTokens: false },
    whitening: null,
    optimizer: adam(),
    learningRate: () => 1e-3,
  });
  const { graph } = decodeModelProto(traceProgram(stepProgram(step)));
  const links = Object.entries(stateLinks(stateLayout(step)));

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
