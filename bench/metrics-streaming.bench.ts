/**
 * @file Time and memory of evaluating a set that does not fit into memory: by default as many maps as Real-IAD has test
 * images, 114,585 of 256 x 256 in 30 categories, made as they are asked for. Options: --maps N, --categories N,
 * --resamples N (default 1000, of the intervals).
 */
import { evaluateStream, type ScoredImage } from '@plumbline/eval';
import { xorshift } from './random.ts';
import { peakRssMb, report } from './report.ts';

const SIZE = 256;
const PIXELS = SIZE * SIZE;
/** Real-IAD has 51,329 anomalous images of 151,050; of its test images about 45 % are. */
const ANOMALOUS_OF_20 = 9;

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? fallback : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} needs a whole number`);
  return value;
}

const random = xorshift(20_240_601);
/** Smooth-tailed noise that every map is cut from at another place, on another scale. */
const noise = Float32Array.from(
  { length: 1 << 22 },
  () => 1 + random() * random() + random() * random() + random() * random(),
);

let generateSeconds = 0;

function makeImage(category: string, index: number): ScoredImage {
  const started = performance.now();
  const isAnomalous = index % 20 < ANOMALOUS_OF_20;
  const anomalyMap = new Float32Array(PIXELS);
  const offset = Math.floor(random() * (noise.length - PIXELS));
  const scale = 0.8 + 0.4 * random();
  for (let i = 0; i < PIXELS; i += 1) anomalyMap[i] = scale * noise[offset + i]!;
  const mask = isAnomalous ? new Uint8Array(PIXELS) : null;
  if (mask !== null) {
    for (let disc = 0; disc < 3; disc += 1) addDisc(anomalyMap, mask, 0.5 + random());
  }
  generateSeconds += (performance.now() - started) / 1000;
  return {
    path: `${category}/test/${index}.png`,
    category,
    label: isAnomalous ? 'anomalous' : 'normal',
    imageScore: anomalyMap[0]! + (isAnomalous ? 0.3 : 0),
    anomalyMap,
    mask,
  };
}

function addDisc(anomalyMap: Float32Array, mask: Uint8Array, lift: number): void {
  const radius = 3 + random() * 20;
  const [centerX, centerY] = [random() * SIZE, random() * SIZE];
  for (
    let y = Math.max(0, Math.ceil(centerY - radius));
    y < SIZE && y <= centerY + radius;
    y += 1
  ) {
    for (
      let x = Math.max(0, Math.ceil(centerX - radius));
      x < SIZE && x <= centerX + radius;
      x += 1
    ) {
      const i = y * SIZE + x;
      if (mask[i] === 1 || Math.hypot(x - centerX, y - centerY) >= radius) continue;
      mask[i] = 1;
      anomalyMap[i]! += lift;
    }
  }
}

const maps = option('maps', 114_585);
const categories = option('categories', 30);
const resamples = option('resamples', 1000);

function* images(): Generator<ScoredImage> {
  for (let index = 0; index < maps; index += 1) {
    const category = Math.floor((index * categories) / maps);
    yield makeImage(`category-${String(category).padStart(2, '0')}`, index);
  }
}

const started = performance.now();
const evaluation = await evaluateStream(images(), { height: SIZE, width: SIZE }, { resamples });
const seconds = (performance.now() - started) / 1000;

report('metrics-streaming', {
  maps,
  categories,
  pixels: maps * PIXELS,
  pixelMethod: evaluation.pixelMethod,
  seconds: Number((seconds - generateSeconds).toFixed(1)),
  generateSeconds: Number(generateSeconds.toFixed(1)),
  resamples,
  auroc: evaluation.mean.pixelAuroc,
  ap: evaluation.mean.pixelAp,
  f1Max: evaluation.mean.pixelF1Max,
  aupro30: evaluation.mean.aupro30,
  aupimo: evaluation.mean.aupimo,
  peakRssMb: peakRssMb(),
});
