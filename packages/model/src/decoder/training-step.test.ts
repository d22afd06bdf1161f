import { expect, it } from 'vitest';
import { decodeModelProto } from '../onnx/schema.ts';
import { traceProgram } from '../trace/index.ts';
import { stateLayout, stateLinks } from '../training/state-layout.ts';
import { stepProgram } from '../training/step-program.ts';
import { decoderConfig } from './config.ts';
import { decoderStep } from './training-step.ts';

it('writes moments in place from the only value that is computed from them', () => {
  const config = decoderConfig([
    { grid: 4, channels: 3 },
    { grid: 2, channels: 5 },
  ]);
  const scales = config.levels.map(({ channels }) => ({
    mean: new Float32Array(channels),
    deviation: new Float32Array(channels).fill(1),
  }));
  const step = decoderStep({ config, scales, batchSize: 2, steps: 1 });
  const { graph } = decodeModelProto(traceProgram(stepProgram(step)));
  const links = Object.entries(stateLinks(stateLayout(step)));
  const inPlace = links.filter(([, link]) => link.inPlace);
  expect(inPlace.length).toBe((links.length * 2) / 3);
  for (const [input, { output }] of inPlace) {
    const readers = graph.node.filter((node) => node.input.includes(input));
    expect(readers.length, input).toBe(1);
    const writer = graph.node.find((node) => node.output.includes(output));
    expect(writer?.input, output).toContain(readers[0]?.output[0]);
  }
});
