import { expect, it } from 'vitest';
import { ADAM_DEFAULTS } from '../nn/adam.ts';
import { stateLinks } from '../nn/training-state.ts';
import { decodeModelProto } from '../onnx/schema.ts';
import { traceProgram } from '../trace/index.ts';
import { decoderConfig } from './config.ts';
import { decoderParameters } from './parameters.ts';
import { decoderStepProgram } from './training-step.ts';

it('writes moments in place from the only value that is computed from them', () => {
  const config = decoderConfig([
    { grid: 4, channels: 3 },
    { grid: 2, channels: 5 },
  ]);
  const scales = config.levels.map(({ channels }) => ({
    mean: new Float32Array(channels),
    deviation: new Float32Array(channels).fill(1),
  }));
  const program = decoderStepProgram({ config, scales, batchSize: 2, adam: ADAM_DEFAULTS });
  const { graph } = decodeModelProto(traceProgram(program));
  const links = Object.entries(stateLinks(decoderParameters(config)));
  const inPlace = links.filter(([, link]) => link.inPlace);
  expect(inPlace.length).toBe((links.length * 2) / 3);
  for (const [input, { output }] of inPlace) {
    const readers = graph.node.filter((node) => node.input.includes(input));
    expect(readers.length, input).toBe(1);
    const writer = graph.node.find((node) => node.output.includes(output));
    expect(writer?.input, output).toContain(readers[0]?.output[0]);
  }
});
