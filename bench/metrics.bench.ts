/**
 * @file Time and memory of one category's evaluation: 115 maps of 256 x 256, 7.5 million pixels, made on the spot. The
 * seconds are those of every image and pixel metric; what 1000 bootstrap resamples add is measured with --intervals.
 */
import { Evaluator } from '@plumbline/eval';
import { xorshift } from './random.ts';
import { peakRssMb, report } from './report.ts';

const IMAGES = 115;
const ANOMALOUS = 80;
const SIZE = 256;

const random = xorshift(20_240_601);
const resamples = process.argv.includes('--intervals') ? 1000 : 0;
const evaluator = new Evaluator({ height: SIZE, width: SIZE }, { resamples });
let addSeconds = 0;
for (let index = 0; index < IMAGES; index += 1) {
  const isAnomalous = index < ANOMALOUS;
  const mask = new Uint8Array(SIZE * SIZE);
  const anomalyMap = new Float32Array(SIZE * SIZE);
  const discs = Array.from({ length: isAnomalous ? 3 : 0 }, () => ({
    x: random() * SIZE,
    y: random() * SIZE,
    radius: 3 + random() * 20,
  }));
  let imageScore = 0;
  for (let i = 0; i < mask.length; i += 1) {
    const x = i % SIZE;
    const y = (i - x) / SIZE;
    const noise = random() + random() + random() + random();
    if (discs.some((disc) => Math.hypot(x - disc.x, y - disc.y) < disc.radius)) mask[i] = 1;
    anomalyMap[i] = noise + Math.sin(x / 40) * 0.2 + (mask[i] === 1 ? 0.9 : 0);
    imageScore = Math.max(imageScore, anomalyMap[i]!);
  }
  const started = performance.now();
  evaluator.add({
    path: `test/${index}.png`,
    category: 'synthetic',
    label: isAnomalous ? 'anomalous' : 'normal',
    imageScore,
    anomalyMap,
    mask: isAnomalous ? mask : null,
  });
  addSeconds += (performance.now() - started) / 1000;
}
const started = performance.now();
const metrics = evaluator.evaluateCategory('synthetic');
const seconds = addSeconds + (performance.now() - started) / 1000;

report('metrics', {
  pixels: IMAGES * SIZE * SIZE,
  seconds: Number(seconds.toFixed(3)),
  auroc: metrics.pixelAuroc,
  ap: metrics.pixelAp,
  f1Max: metrics.pixelF1Max,
  iouMax: metrics.pixelIouMax,
  aupro30: metrics.aupro30,
  aupro05: metrics.aupro05,
  aupimo: metrics.aupimo,
  resamples,
  peakRssMb: peakRssMb(),
});
