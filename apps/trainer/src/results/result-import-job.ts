/** @file Runs one import of somebody else's results: every row and map is checked, evaluated by our code, published. */
import { createHash, type Hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import {
  DomainError,
  type EvaluationCheck,
  type ExternalManifest,
  type ImageResult,
  type ImportResultsInput,
  ignoreMasks,
  type PlatformHome,
  type Protocol,
  type ResultSource,
  type S3Access,
  type Sample,
} from '@plumbline/contracts';
import {
  type BlobStore,
  matchSamples,
  openResults,
  type ResultSet,
  type Stores,
} from '@plumbline/data';
import type { Attempt, Database } from '@plumbline/db';
import { protocolFor } from '@plumbline/eval';
import { runQueued } from '../import/run-queued.ts';
import { throttled } from '../import/throttled.ts';
import { filesOf, uploadPath } from '../import/upload-path.ts';
import {
  type EvaluatedSample,
  type EvaluationProgress,
  evaluateModel,
  type ModelEvaluation,
} from '../training/evaluate/evaluate-model.ts';
import { evaluationFile } from '../training/evaluate/evaluation-file.ts';
import { knownNearDuplicates } from '../training/near-duplicates.ts';
import { publishBundle } from '../training/publish/publish-bundle.ts';
import type { BundleContents } from '../training/publish/write-bundle.ts';
import { DATABASE_WAIT_MS } from '../training/training-context.ts';
import { type MapReader, mapReader } from './map-reader.ts';
import { type MapScores, mapScores } from './map-scores.ts';
import { protocolNamed } from './protocol-named.ts';
import { chooseWorst, drawWorst } from './worst-images.ts';

export interface ResultImportJob {
  readonly database: Database;
  readonly home: PlatformHome;
  readonly stores: Stores;
  /** Where buckets are; as the AWS configuration of the machine says, if absent. */
  readonly s3?: S3Access | undefined;
  readonly codeVersion: string;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
}

export function runResultImportJob(job: ResultImportJob): Promise<void> {
  const { database, attempt, signal } = job;
  return runQueued(database.results, attempt, signal, async () =>
    importResults(job, await database.results.input(attempt.id)),
  );
}

async function importResults(job: ResultImportJob, input: ImportResultsInput): Promise<void> {
  const { home, s3 } = job;
  const protocol = protocolNamed(input.protocol);
  const results = await openResults(filesOf(job, input.source), {
    shownAs: fileNameOf(input.source),
    s3,
  });
  try {
    assertProtocol(results, protocol);
    const dataset = await job.database.datasets.manifest(input.dataset, input.datasetVersion);
    const opened: OpenedResults = {
      ...{ input, protocol, results, dataset },
      rowOf: matchSamples(results.rows, dataset.manifest.samples),
      blobs: job.stores.blobs,
    };
    const { contents, images } = await evaluateResults(job, opened);
    await publishBundle(job.database, {
      ...{ attempt: job.attempt, bundles: job.stores.bundles, contents, images },
      patience: { limitMs: DATABASE_WAIT_MS, signal: job.signal },
    });
  } finally {
    await results.close();
  }
  if (input.source.kind === 'upload')
    await rm(uploadPath(home, input.source.uploadId), { force: true });
}

type Manifest = Omit<ExternalManifest, 'files'>;

interface OpenedResults {
  readonly input: ImportResultsInput;
  readonly protocol: Protocol;
  readonly results: ResultSet;
  readonly dataset: Awaited<ReturnType<Database['datasets']['manifest']>>;
  /** Row of an image by the path of its sample. */
  readonly rowOf: ReadonlyMap<string, number>;
  readonly blobs: BlobStore;
}

/** What to publish of the results: the evaluation by our code, its manifest and the pictures of the worst images. */
async function evaluateResults(
  job: ResultImportJob,
  opened: OpenedResults,
): Promise<{ contents: BundleContents<Manifest>; images: readonly ImageResult[] }> {
  const { input, protocol, results, dataset, rowOf, blobs } = opened;
  const { samples } = dataset.manifest;
  const digest = createHash('sha256');
  const maps = mapReader(results, protocol, input.mapResize, digest);
  const scores = mapScores(protocol.evaluationSizePx);
  const mapSize = { height: protocol.evaluationSizePx, width: protocol.evaluationSizePx };
  const result = await evaluateModel({
    scores: (test) => scoresOfRows(opened, test, { maps, scores, digest }),
    blobs,
    samples,
    fittedOn: null,
    nearDuplicates: await knownNearDuplicates(job.database, {
      ...{ samples, blobs, name: input.dataset, version: dataset.version, signal: job.signal },
      nearDuplicates: dataset.nearDuplicates,
    }),
    mapSize,
    ignore: ignoreMasks(dataset.manifest.ignore, mapSize),
    signal: job.signal,
    onProgress: throttledAsync(job),
  });
  await job.database.results.progress(job.attempt, rowOf.size, rowOf.size);
  const worst = { ...chooseWorst(result.images), scale: maps.range() };
  const pictures = await drawWorst({
    worst,
    blobs,
    readMap: (path) => maps.readAgain(rowOf.get(path) ?? -1),
    sizePx: protocol.evaluationSizePx,
    samples: new Map(samples.map((sample) => [sample.path, sample])),
  });
  const external = {
    source: results.name,
    format: results.format,
    sha256: digest.digest('hex'),
    note: input.note,
    mapsResized: maps.resized(),
  };
  const lineage = lineageOf(job, opened);
  const contents = {
    unsigned: {
      ...describe(opened, withCheck(result, scores.check())),
      ...{ lineage, external, provenance: opened.dataset.provenance },
    },
    evaluation: { ...evaluationFile(result), worst },
    model: null,
    pictures,
  };
  return { contents, images: result.images };
}

interface RowReaders {
  readonly maps: MapReader;
  readonly scores: MapScores;
  readonly digest: Hash;
}

/** Reads scores and maps of images from their rows, and takes the scores into the digest. */
async function* scoresOfRows(
  { results, rowOf }: OpenedResults,
  test: readonly Sample[],
  { maps, scores, digest }: RowReaders,
): AsyncGenerator<EvaluatedSample> {
  for (const sample of test) {
    const row = rowOf.get(sample.path);
    const imageScore = results.rows[row ?? -1]?.score;
    if (row === undefined || imageScore === undefined) throw new Error(`No row of ${sample.path}`);
    digest.update(`${sample.path} ${imageScore}\n`);
    const anomalyMap = await maps.read(row, sample);
    scores.add(sample, imageScore, anomalyMap);
    yield { sample, imageScore, anomalyMap };
  }
}

function withCheck(result: ModelEvaluation, check: EvaluationCheck): ModelEvaluation {
  return { ...result, report: { ...result.report, checks: [...result.report.checks, check] } };
}

function lineageOf(job: ResultImportJob, { input, dataset }: OpenedResults): Manifest['lineage'] {
  return {
    run: job.attempt.id,
    dataset: input.dataset,
    datasetVersion: dataset.datasetVersion,
    datasetHash: dataset.hash,
    codeVersion: job.codeVersion,
    createdAt: new Date().toISOString(),
  };
}

function describe(
  { input, results, protocol, dataset: { manifest } }: OpenedResults,
  { evaluation, report }: ModelEvaluation,
): Omit<Manifest, 'lineage' | 'external'> {
  return {
    formatVersion: 1,
    kind: 'external',
    model: input.model,
    method: input.method,
    preset: 'external',
    config: { source: results.name, mapResize: input.mapResize },
    seed: input.seed,
    backbone: null,
    graph: null,
    thresholds: null,
    // Whether the masks lose regions is known only now.
    protocol: protocolFor(protocol.imageSizePx, {
      keptRegions: report.keptRegions !== undefined,
      ...(manifest.ignore === undefined ? {} : { ignored: 'imported' }),
    }),
    ...(manifest.ignore === undefined ? {} : { ignore: manifest.ignore }),
    mean: evaluation.mean,
    categories: evaluation.categories,
    evaluation: report,
    parity: null,
    trainSeconds: null,
    latencyMs: null,
  };
}

function assertProtocol(results: ResultSet, protocol: Protocol): void {
  if (results.protocol === null || results.protocol === protocol.name) return;
  throw new DomainError(
    'INVALID_INPUT',
    `The results say that they were made under ${results.protocol}, not ${protocol.name}.`,
    {
      field: 'protocol',
      file: results.name,
      fix: `Import them with the protocol ${results.protocol}, or make them again under ${protocol.name}.`,
    },
  );
}

function throttledAsync({ database, attempt }: ResultImportJob) {
  const write = throttled((checked, total) => database.results.progress(attempt, checked, total));
  return async ({ images, ofImages }: EvaluationProgress): Promise<void> => write(images, ofImages);
}

function fileNameOf(source: ResultSource): string | undefined {
  return source.kind === 'upload' ? source.fileName : undefined;
}
