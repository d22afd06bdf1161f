export { type Counts, type Database, type InspectionRecord, openDatabase } from './database.ts';
export { isDatabaseAway, outlastDatabase, type Patience } from './database-away.ts';
export type { FoundBlob } from './dataset-repository.ts';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded-postgres.ts';
export { migrateDatabase } from './migrate.ts';
export type { Publication } from './model-repository.ts';
export { answers as databaseAnswers } from './postgres-settings.ts';
export {
  type QueueHandlers,
  type QueueWorker,
  type QueueWorkerOptions,
  startQueueWorker,
} from './queue.ts';
export { takeOverLostTrainers } from './take-over.ts';
