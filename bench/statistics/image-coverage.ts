/**
 * @file How often the intervals of image metrics hold the true ones: normal scores of variance 1, anomalous ones shifted,
 * or one in ten of them not found at all.
 */
import { IMAGE_METRIC_NAMES } from '@plumbline/contracts';
import { areaUnderRoc, averagePrecision, f1Max, type ScoredImage } from '@plumbline/eval';
import { standardNormal, xorshift } from '../random.ts';
import { coverageRows, TEST_SETS, type TestSet } from './coverage.ts';
import { upperQuantile } from './normal-distribution.ts';
import type { Simulation, SimulationRow } from './simulation.ts';

/** `missed`: share of anomalous images that score as normal ones do. */
const DETECTORS = [
  { shift: 1, missed: 0 },
  { shift: 3, missed: 0 },
  { shift: 3.75, missed: 0 },
  { shift: 4.65, missed: 0 },
  { shift: 4, missed: 0.1 },
] as const;
type Detector = (typeof DETECTORS)[number];

const SIZE = { height: 1, width: 1 };
const MAP = new Float32Array(1);
/** Of the population behind the truth, by label at most. */
const POPULATION = 60_000;

export const imageCoverage: Simulation = {
  name: 'image-coverage',
  about: 'Share of 95 % intervals of image metrics that hold the true ones.',
  trials: 100,
  run({ trials, seed }) {
    const rows: SimulationRow[] = [];
    for (const detector of DETECTORS) {
      for (const set of TEST_SETS) {
        const random = xorshift(seed + 1);
        const found = coverageRows(
          {
            metrics: IMAGE_METRIC_NAMES,
            truth: truthOf(detector, set),
            size: SIZE,
            draw: (category) => drawImages(category, { detector, set, random }),
          },
          trials,
        );
        rows.push(...found.map((row) => ({ ...detector, ...set, ...row })));
      }
    }
    return rows;
  },
};

interface Draw {
  readonly detector: Detector;
  readonly set: TestSet;
  readonly random: () => number;
}

function* drawImages(category: string, { detector, set, random }: Draw): Generator<ScoredImage> {
  const normal = standardNormal(random);
  for (let i = 0; i < set.normal + set.anomalous; i += 1) {
    const isAnomalous = i >= set.normal;
    const isFound = isAnomalous && random() >= detector.missed;
    yield {
      path: `${category}/${i}.png`,
      category,
      label: isAnomalous ? 'anomalous' : 'normal',
      imageScore: normal() + (isFound ? detector.shift : 0),
      anomalyMap: MAP,
      mask: null,
    };
  }
}

/** Of quantiles of the scores in place of drawn ones. */
function truthOf({ shift, missed }: Detector, set: TestSet) {
  const unit = POPULATION / Math.max(set.normal, set.anomalous);
  const quantiles = (count: number, plus: number) =>
    Array.from({ length: Math.round(count) }, (_, i) => upperQuantile((i + 0.5) / count) + plus);
  const normal = quantiles(set.normal * unit, 0);
  const anomalous = [
    ...quantiles(set.anomalous * unit * (1 - missed), shift),
    ...(missed === 0 ? [] : quantiles(set.anomalous * unit * missed, 0)),
  ];
  const scores = Float64Array.from([...normal, ...anomalous]);
  const labels = Uint8Array.from([...normal.fill(0), ...anomalous.fill(1)]);
  return {
    imageAuroc: areaUnderRoc(scores, labels),
    imageAp: averagePrecision(scores, labels),
    imageF1Max: f1Max(scores, labels)?.value ?? null,
  };
}
