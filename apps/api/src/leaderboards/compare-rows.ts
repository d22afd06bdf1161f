/** @file Two rows of a leaderboard side by side: settings, metrics, a paired test, and the images that divide them. */
import {
  type ComparedImage,
  type Comparison,
  type ComparisonInput,
  DomainError,
  type ImageResult,
  isTrained,
  type Leaderboard,
  type LeaderboardRow,
  type ModelVersion,
  scoreRatio,
  type ThresholdProfile,
  thresholdOf,
} from '@plumbline/contracts';
import {
  isSameProtocol,
  type PairedTestResult,
  protocolDifferences,
  protocolKey,
} from '@plumbline/eval';
import type { Services } from '../context.ts';
import { imagesOf } from './board-source.ts';
import { buildBoard, versionsAlike } from './build-leaderboard.ts';
import { configurationDifferences } from './configuration-of.ts';
import { contentOf, referenceOf } from './rank-versions.ts';
import { testPaired } from './statistics.ts';

const TOLD_APART = 0.05;

/** @throws DomainError NOT_FOUND for a row that is not there, CONFLICT naming why two can't be compared */
export async function compareRows(context: Services, input: ComparisonInput): Promise<Comparison> {
  const versions = await context.database.models.all(input.dataset);
  const a = findVersion(versions, input.a, 'a');
  const b = findVersion(versions, input.b, 'b');
  await assertComparable(context, a, b);
  const { board } = await buildBoard(context, {
    dataset: input.dataset,
    datasetVersion: input.datasetVersion ?? a.manifest.lineage.datasetVersion,
    protocol: input.protocol ?? protocolKey(a.manifest.protocol),
  });
  const rowA = rowOf(board, a, 'a');
  const rowB = rowOf(board, b, 'b');
  const ofA = await imagesOf(context, a);
  const ofB = await imagesOf(context, b);
  const images = compareImages(
    { thresholds: await thresholdsOf(context, a), images: ofA },
    { thresholds: await thresholdsOf(context, b), images: ofB },
  );
  const disagreeing = images.filter(
    ({ a: { predictedLabel: one }, b: { predictedLabel: other } }) =>
      one !== null && other !== null && one !== other,
  );
  const isRight = (one: ComparedImage, side: 'a' | 'b') => one[side].predictedLabel === one.label;
  const shown = input.images === 'all' ? images : disagreeing;
  return {
    dataset: board.dataset,
    datasetVersion: board.datasetVersion,
    protocol: board.protocol,
    protocolKey: board.protocolKey,
    a: rowA,
    b: rowB,
    test: await describeTest(a, b, ofA, ofB),
    configuration: configurationDifferences(a, b),
    agreement: {
      images: images.length,
      disagreeing: disagreeing.length,
      onlyARight: disagreeing.filter((one) => isRight(one, 'a')).length,
      onlyBRight: disagreeing.filter((one) => isRight(one, 'b')).length,
    },
    images: shown
      .filter((one) => input.category === undefined || one.category === input.category)
      .sort((one, other) => apart(other) - apart(one) || (one.path < other.path ? -1 : 1))
      .slice(0, input.limit),
  };
}

function findVersion(
  versions: readonly ModelVersion[],
  reference: string,
  field: string,
): ModelVersion {
  const found = versions.find((version) => referenceOf(version) === reference);
  if (found !== undefined) return found;
  throw new DomainError('NOT_FOUND', `There is no row "${reference}" on this dataset.`, {
    field,
    fix: `Write <model>@<version>, such as ${versions[0] === undefined ? 'parts-patchcore@1' : referenceOf(versions[0])}.`,
  });
}

async function assertComparable(
  context: Services,
  a: ModelVersion,
  b: ModelVersion,
): Promise<void> {
  const here = a.manifest;
  const there = b.manifest;
  const { dataset, datasetVersion } = here.lineage;
  const alike = await versionsAlike(context, dataset, datasetVersion);
  if (!alike.has(there.lineage.datasetVersion)) {
    throw new DomainError(
      'CONFLICT',
      `${referenceOf(a)} was evaluated on dataset version ${here.lineage.datasetVersion}, ${referenceOf(b)} on ${there.lineage.datasetVersion}.`,
      { field: 'b', fix: 'Compare two rows of dataset versions with the same test images.' },
    );
  }
  if (isSameProtocol(here.protocol, there.protocol)) return;
  const [difference] = protocolDifferences(here.protocol, there.protocol);
  throw new DomainError(
    'CONFLICT',
    `${referenceOf(a)} and ${referenceOf(b)} were evaluated under different protocols: ${difference?.label} is "${difference?.here}" against "${difference?.there}".`,
    { field: 'b', fix: 'Compare two rows of one protocol.' },
  );
}

function rowOf(board: Leaderboard, version: ModelVersion, field: string): LeaderboardRow {
  const found = board.rows.find(
    (row) => row.model === version.model && row.modelVersion === version.version,
  );
  if (found !== undefined) return found;
  throw new DomainError(
    'CONFLICT',
    `${referenceOf(version)} is not on the leaderboard of ${board.datasetVersion} under ${board.protocol.name}.`,
    { field, fix: 'Name rows of the board that the link names.' },
  );
}

async function describeTest(
  a: ModelVersion,
  b: ModelVersion,
  ofA: ImageResult[],
  ofB: ImageResult[],
): Promise<Comparison['test']> {
  const metric = 'imageAuroc';
  try {
    const result = await testPaired(`${contentOf(a)} ${contentOf(b)}`, ofA, ofB);
    const { difference, low, high, p } = result.mean;
    const words = inWords(result, referenceOf(a), referenceOf(b));
    return { metric, difference, interval: { low, high }, pValue: p, words };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { metric, difference: null, interval: null, pValue: null, words: error.message };
  }
}

function inWords({ mean, images }: PairedTestResult, a: string, b: string): string {
  const points = (value: number) => (value * 100).toFixed(2);
  const better = mean.difference >= 0 ? a : b;
  const verdict =
    mean.p <= TOLD_APART
      ? `${better} is better.`
      : 'The two can’t be told apart on these test images, which does not mean that they are equal.';
  return `Paired comparison over ${images} test images (score intervals with the covariance of the two rows): mean image AUROC of ${a} minus ${b} is ${points(mean.difference)} points, 95 % interval ${points(mean.low)} to ${points(mean.high)}, p = ${mean.p.toFixed(4)}. ${verdict}`;
}

interface Side {
  readonly thresholds: ThresholdProfile | null;
  readonly images: readonly ImageResult[];
}

/** The profile that serves now; imported results have none. */
async function thresholdsOf(
  { database }: Services,
  version: ModelVersion,
): Promise<ThresholdProfile | null> {
  return isTrained(version) ? (await database.thresholds.active(version)).profile : null;
}

function compareImages(a: Side, b: Side): ComparedImage[] {
  const quantilesA = quantiles(a.images);
  const quantilesB = quantiles(b.images);
  const others = new Map(b.images.map((image) => [image.path, image]));
  return a.images.flatMap((image) => {
    const other = others.get(image.path);
    if (other === undefined) return [];
    const { path, category, label, defectType, sha256 } = image;
    return [
      {
        path,
        category,
        label,
        defectType,
        sha256,
        a: scored(a.thresholds, image, quantilesA),
        b: scored(b.thresholds, other, quantilesB),
      },
    ];
  });
}

function scored(
  thresholds: ThresholdProfile | null,
  { imageScore, category, path }: ImageResult,
  shares: ReadonlyMap<string, number>,
): ComparedImage['a'] {
  const quantile = shares.get(path) ?? 0;
  if (thresholds === null)
    return { imageScore, threshold: null, scoreRatio: null, predictedLabel: null, quantile };
  const threshold = thresholdOf(thresholds, category).imageThreshold;
  const predictedLabel = imageScore >= threshold ? 'anomalous' : 'normal';
  return {
    imageScore,
    threshold,
    scoreRatio: scoreRatio(imageScore, threshold),
    predictedLabel,
    quantile,
  };
}

/** By path: the share of the category's images that score lower, equal scores one half. */
function quantiles(images: readonly ImageResult[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const category of new Set(images.map((image) => image.category))) {
    const own = images
      .filter((image) => image.category === category)
      .sort((x, y) => x.imageScore - y.imageScore);
    let start = 0;
    while (start < own.length) {
      let end = start;
      while (end < own.length && own[end]?.imageScore === own[start]?.imageScore) end += 1;
      const share = (start + (end - start) / 2) / own.length;
      for (const image of own.slice(start, end)) result.set(image.path, share);
      start = end;
    }
  }
  return result;
}

function apart({ a, b }: ComparedImage): number {
  return Math.abs(a.quantile - b.quantile);
}
