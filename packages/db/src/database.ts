/** @file All that the platform remembers, by what it is about. */
import { ApiKeyRepository } from './access/api-key-repository.ts';
import { AuditRepository } from './access/audit-repository.ts';
import { SessionRepository } from './access/session-repository.ts';
import { UserRepository } from './access/user-repository.ts';
import { AliasRepository } from './alias-repository.ts';
import { BlobReferences } from './blob-references.ts';
import { type ChangeListener, Changes, type Channel } from './changes.ts';
import { openClient } from './client.ts';
import { DatasetRepository } from './dataset-repository.ts';
import { DeletionRepository } from './deletion/deletion-repository.ts';
import { IdempotencyRepository } from './idempotency/idempotency-repository.ts';
import { isUploadAwaited } from './imports/awaited-uploads.ts';
import { type JobRepositories, openJobRepositories } from './jobs/job-kinds.ts';
import { ModelRepository } from './model-repository.ts';
import { DriftRepository } from './monitoring/drift-repository.ts';
import { RunRepository } from './runs/run-repository.ts';
import { InspectionRepository } from './serving/inspection-repository.ts';
import { KeptImageRepository } from './serving/kept-image-repository.ts';
import { StoreRepository } from './store-repository.ts';
import { ThresholdRepository } from './threshold-repository.ts';
import { TimingRepository } from './timing-repository.ts';
import { TrainerRepository } from './trainer-repository.ts';
import { TrainingFactsRepository } from './training-facts.ts';

export interface Counts {
  readonly datasets: number;
  readonly models: number;
  readonly queuedRuns: number;
  readonly runningRuns: number;
}

export interface Database extends JobRepositories {
  readonly url: string;
  readonly datasets: DatasetRepository;
  readonly runs: RunRepository;
  readonly models: ModelRepository;
  readonly aliases: AliasRepository;
  readonly thresholds: ThresholdRepository;
  readonly trainers: TrainerRepository;
  readonly store: StoreRepository;
  readonly deletions: DeletionRepository;
  readonly blobReferences: BlobReferences;
  readonly trainingFacts: TrainingFactsRepository;
  readonly timings: TimingRepository;
  readonly inspections: InspectionRepository;
  readonly keptImages: KeptImageRepository;
  readonly drift: DriftRepository;
  /** Whether an import in the queue, or under way, is to read it. */
  isUploadAwaited(uploadId: string): Promise<boolean>;
  readonly idempotency: IdempotencyRepository;
  counts(): Promise<Counts>;
  readonly apiKeys: ApiKeyRepository;
  readonly audit: AuditRepository;
  readonly users: UserRepository;
  readonly sessions: SessionRepository;
  /** Tells of changes, until it is stopped. */
  watch(channel: Channel, listener: ChangeListener): Changes;
  /** Asks it something, to see whether it answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a migrated database. */
export async function openDatabase(url: string): Promise<Database> {
  const client = openClient(url);
  await client.$connect();
  const datasets = new DatasetRepository(client);
  return {
    url,
    datasets,
    ...openJobRepositories(client, datasets),
    runs: new RunRepository(client),
    models: new ModelRepository(client),
    aliases: new AliasRepository(client),
    thresholds: new ThresholdRepository(client),
    trainers: new TrainerRepository(client),
    store: new StoreRepository(client),
    deletions: new DeletionRepository(client),
    blobReferences: new BlobReferences(client),
    trainingFacts: new TrainingFactsRepository(client),
    timings: new TimingRepository(client),
    inspections: new InspectionRepository(client),
    keptImages: new KeptImageRepository(client),
    drift: new DriftRepository(client),
    idempotency: new IdempotencyRepository(client),
    apiKeys: new ApiKeyRepository(client),
    audit: new AuditRepository(client),
    users: new UserRepository(client),
    sessions: new SessionRepository(client),
    watch: (channel, listener) => new Changes(url, channel, listener),
    isUploadAwaited: (uploadId) => isUploadAwaited(client, uploadId),
    async counts() {
      const [datasetCount, models, queuedRuns, runningRuns] = await Promise.all([
        client.dataset.count(),
        client.model.count(),
        client.trainingRun.count({ where: { status: 'queued' } }),
        client.trainingRun.count({ where: { status: 'running' } }),
      ]);
      return { datasets: datasetCount, models, queuedRuns, runningRuns };
    },
    async ping() {
      await client.$queryRaw`SELECT 1`;
    },
    close: () => client.$disconnect(),
  };
}
