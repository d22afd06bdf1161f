/** @file Between which values a backbone's tensors lie, measured on images. */
import type { Calibration, Executor, TensorMap } from '@plumbline/contracts';
import type { BackboneOptions } from '../export/feature-graph.ts';
import { addPreprocessing } from '../export/preprocessing.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { decodeModelProto } from '../onnx/schema.ts';
import { plainBytes, spliceModel } from '../onnx/splice.ts';
import { planQuantization } from './plan-quantization.ts';

export interface RangeMeasurement {
  /** @param feed Of a graph that takes images. */
  add(feed: TensorMap): Promise<void>;
  /** Over all images so far. */
  ranges(): Calibration['ranges'];
  release(): Promise<void>;
}

/** @throws DomainError UNSUPPORTED for a backbone that can't be had in int8. */
export async function calibrateBackbone(
  options: BackboneOptions & { readonly executor: Executor },
): Promise<RangeMeasurement> {
  const { backbone, preprocessing, executor } = options;
  const { measured } = planQuantization(decodeModelProto(plainBytes(backbone.model)).graph);
  const builder = new GraphBuilder('ranges');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  const values = spliceModel(builder, backbone.model, {
    prefix: 'backbone/',
    inputs: { input: addPreprocessing(builder, image, preprocessing) },
    outputs: measured,
  });
  for (const [index, name] of measured.entries())
    for (const [operator, output] of [
      ['ReduceMin', `least${index}`],
      ['ReduceMax', `largest${index}`],
    ] as const) {
      builder.node(operator, [values[name] as string], { keepdims: { i: 0 } }, [output]);
      builder.output(output, 'float32', []);
    }
  const session = await executor.load(builder.build());
  const ranges = measured.map((): [number, number] => [0, 0]);
  return {
    async add(feed) {
      const result = await session.run(feed);
      for (const [index, range] of ranges.entries()) {
        range[0] = Math.min(range[0], Number(result[`least${index}`]?.data[0]));
        range[1] = Math.max(range[1], Number(result[`largest${index}`]?.data[0]));
      }
    },
    ranges: () =>
      Object.fromEntries(measured.map((name, index) => [name, ranges[index] as [number, number]])),
    release: () => session.release(),
  };
}
