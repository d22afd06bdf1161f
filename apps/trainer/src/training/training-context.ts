/** @file What is known of a training run once it has been prepared. The stages after the fit take their parts of it. */
import type {
  CategoryRegions,
  FitNeeds,
  IgnoreMasks,
  LookedThrough,
  MapSize,
  NearDuplicates,
  Provenance,
  Run,
  Sample,
  StartTrainingInput,
} from '@plumbline/contracts';
import type { BlobStore, Stores } from '@plumbline/data';
import type { Attempt, Database } from '@plumbline/db';
import type { Backbone, FeatureLevel, Method, Views } from '@plumbline/model';
import type { TrainerEnvironment } from '../env.ts';
import type { Memory } from '../machine/fit-memory.ts';
import type { OpenedExecutor } from '../machine/open-executor.ts';
import type { OpenedExtension } from './extend/open-extension.ts';
import type { TrainingSplit } from './fit/hold-out.ts';
import type { RunReporter } from './progress/run-reporter.ts';

/** How long a run waits for a database that is away before it is left to a later attempt. */
export const DATABASE_WAIT_MS = 120_000;

export interface TrainModelOptions {
  readonly database: Database;
  readonly environment: TrainerEnvironment;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
}

export interface TrainingContext extends TrainModelOptions, OpenedExecutor {
  readonly run: Run;
  readonly input: StartTrainingInput;
  /** Of the dataset version, and those that the version goes on from and gets beyond it. */
  readonly samples: readonly Sample[];
  /** Null for a run that trains. */
  readonly extension: OpenedExtension | null;
  readonly datasetHash: string;
  /** Of the dataset. */
  readonly provenance: Provenance;
  /** As they are kept with the dataset; null where its import did not look for them. */
  readonly nearDuplicates: NearDuplicates | null;
  /** What a search for suspects said of the training images before; null where there was none. */
  readonly lookedThrough: LookedThrough | null;
  /** Sentences about defects that nearly vanish at the map's size. */
  readonly smallMasks: readonly string[];
  readonly split: TrainingSplit;
  readonly stores: Stores;
  /** Of `stores`. */
  readonly blobs: BlobStore;
  readonly method: Method;
  /** As the method resolved them. */
  readonly settings: object;
  readonly needs: FitNeeds;
  /** What the fit may take. */
  readonly memory: Memory;
  /** Of the anomaly map. */
  readonly mapSize: MapSize;
  /** Of the dataset version; undefined where nothing is ignored. */
  readonly ignoreRegions: readonly CategoryRegions[] | undefined;
  /** Their pixels in the map. */
  readonly ignore: IgnoreMasks | null;
  /** What training sees of an image. */
  readonly views: Views;
  readonly backbone: Backbone;
  readonly levels: readonly FeatureLevel[];
  /** Fewest pixels that an image may have along a side. */
  readonly minSidePx: number;
  readonly reporter: RunReporter;
}
