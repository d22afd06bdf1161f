/** @file What a leaderboard is made of: model versions, and their scores of test images. */
import { DomainError, type ImageResult, type ModelVersion } from '@plumbline/contracts';
import type { Database } from '@plumbline/db';
import type { Services } from '../context.ts';

/** Versions whose scores are kept in memory. */
const KEPT_VERSIONS = 100;

/** Scores never change once published, so they are read once. The database is the key: tests have several. */
const caches = new WeakMap<Database, Map<string, Promise<ImageResult[]>>>();

/** All versions of the models of a dataset, or of all models. */
export async function listVersions(
  context: Services,
  dataset: string | null,
): Promise<ModelVersion[]> {
  const models = await context.database.models.list();
  const wanted = models.filter((model) => dataset === null || model.dataset === dataset);
  const versions = await Promise.all(
    wanted.map((model) => context.database.models.versions(model.name).catch(gone)),
  );
  return versions.flat();
}

/** A model that went between the two questions is simply absent. */
function gone(error: unknown): ModelVersion[] {
  if (error instanceof DomainError && error.code === 'NOT_FOUND') return [];
  throw error;
}

/** The test images as the version scored them. */
export function imagesOf({ database }: Services, version: ModelVersion): Promise<ImageResult[]> {
  const cache = caches.get(database) ?? new Map<string, Promise<ImageResult[]>>();
  caches.set(database, cache);
  const key = `${version.model}@${version.version} ${version.bundleHash}`;
  const known = cache.get(key) ?? database.models.images(version.model, version.version);
  // Used last, dropped last.
  cache.delete(key);
  cache.set(key, known);
  known.catch(() => cache.delete(key));
  const [oldest] = cache.keys();
  if (cache.size > KEPT_VERSIONS && oldest !== undefined) cache.delete(oldest);
  return known;
}
