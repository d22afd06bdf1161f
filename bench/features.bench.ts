/**
 * @file Feature taps (strides 4, 8 and 16) of ResNet-18 for 256×256 images, batch 8, on random pixels.
 * `medianMsPerImage` is the network alone; `withPreprocessingMsPerImage` is the graph that training computes features
 * with: bytes to normalized pixels, the network, 3×3 average, tokens.
 *
 *     npm run bench -- features --json [--batch 8] [--threads 2] [--runs 12] [--backbone path.onnx]
 *     npm run bench -- features --json --against "python ../shared/bench/torch_features.py"
 *
 * `--against` runs another engine's benchmark afterwards, which prints a line of JSON with `medianMsPerImage`.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { IMAGENET_COLORS, type TensorValue } from '@plumbline/contracts';
import { buildFeatureGraph, float32, openBackbone } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { median, numberOf, runOther } from './against.ts';
import { peakRssMb, report } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    batch: { type: 'string', default: '8' },
    threads: { type: 'string', default: '2' },
    runs: { type: 'string', default: '12' },
    backbone: { type: 'string', default: '../shared/backbones/resnet18.onnx' },
    against: { type: 'string' },
  },
});

const SIZE_PX = 256;
const WARM_UP = 3;
const [batch, threads, runs] = [values.batch, values.threads, values.runs].map(Number) as [
  number,
  number,
  number,
];

const rounded = (value: number): number => Math.round(value * 100) / 100;

async function measure(): Promise<void> {
  const executor = await createExecutor({ threads });
  const backbone = await openBackbone({
    backbone: values.backbone,
    input: { strides: [4, 8, 16] },
    executor,
    imageSizePx: SIZE_PX,
  });
  const pixels = Float32Array.from({ length: batch * 3 * SIZE_PX ** 2 }, (_, i) => Math.sin(i));
  const taps = await timeGraph(
    backbone.model,
    'input',
    float32([batch, 3, SIZE_PX, SIZE_PX], pixels),
  );
  const networkPeakRssMb = peakRssMb();
  const full = await timeGraph(
    buildFeatureGraph({
      backbone,
      preprocessing: { imageSizePx: SIZE_PX, ...IMAGENET_COLORS },
      averagePool: true,
    }),
    'image',
    {
      dtype: 'uint8',
      shape: [batch, SIZE_PX, SIZE_PX, 3],
      data: Uint8Array.from(pixels, (value) => 127 + 127 * value),
    },
  );

  /** Milliseconds an image, each run's. */
  async function timeGraph(
    model: Uint8Array,
    input: string,
    value: TensorValue,
  ): Promise<readonly number[]> {
    const session = await executor.load(model);
    const times: number[] = [];
    for (let run = 0; run < runs + WARM_UP; run++) {
      const started = performance.now();
      await session.run({ [input]: value });
      if (run >= WARM_UP) times.push((performance.now() - started) / batch);
    }
    await session.release();
    return times;
  }

  const other = values.against === undefined ? null : runOther(values.against);
  const theirs = other === null ? null : numberOf(other, 'medianMsPerImage');
  report('features', {
    bench: 'features',
    backbone: backbone.name,
    taps: backbone.featureTaps.map((tap) => tap.name).join(),
    provider: executor.provider,
    batch,
    threads,
    medianMsPerImage: rounded(median(taps)),
    minMsPerImage: rounded(Math.min(...taps)),
    peakRssMb: networkPeakRssMb,
    withPreprocessingMsPerImage: rounded(median(full)),
    ...(theirs === null
      ? {}
      : {
          against: values.against ?? '',
          againstMedianMsPerImage: theirs,
          throughputRatio: rounded(theirs / median(taps)),
        }),
  });
}

if (existsSync(values.backbone)) await measure();
else
  process.stderr.write(
    `features: skipped, ${values.backbone} is not here. Name a ResNet-18 with --backbone path.onnx or path.safetensors.\n`,
  );
