export type { AuditEnd, AuditEntry } from './access/audit-repository.ts';
export type { Credential } from './access/user-repository.ts';
export type { NewBatch, PlacedResult, StoredBatch } from './batches/batch-repository.ts';
export type { Changes } from './changes.ts';
export { isGone } from './client.ts';
export { type Counts, type Database, openDatabase } from './database.ts';
export { isDatabaseAway, outlast, outlastDatabase, type Patience } from './database-away.ts';
export type { FoundBlob } from './dataset-repository.ts';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded-postgres.ts';
export type { Claim } from './idempotency/idempotency-repository.ts';
export { isProcessAlive } from './is-process-alive.ts';
export { type Attempt, SupersededError } from './jobs/attempt.ts';
export type { JobHandlers, JobKind } from './jobs/job-kinds.ts';
export type { JobProblem } from './jobs/lane.ts';
export {
  type QueueWorker,
  type QueueWorkerOptions,
  startQueueWorker,
} from './jobs/queue-worker.ts';
export { takeOverLostTrainers } from './jobs/take-over.ts';
export * from './known-samples.ts';
export { migrateDatabase } from './migrate.ts';
export type { Publication } from './model-repository.ts';
export type { LookReference, NewCheck, SeenImage } from './monitoring/drift-repository.ts';
export { answers as databaseAnswers } from './postgres-settings.ts';
export type { InspectionRecord } from './serving/inspection-repository.ts';
export type { DroppedImage, NewKeptImage } from './serving/kept-image-repository.ts';
