/** @file What a leaderboard is made of beside model versions: their scores of test images. */
import type { ImageResult, ModelVersion } from '@plumbline/contracts';
import type { Database } from '@plumbline/db';
import type { Services } from '../context.ts';

/** Versions whose scores are kept in memory. */
const KEPT_VERSIONS = 100;

/** Scores never change once published, so they are read once. The database is the key: tests have several. */
const caches = new WeakMap<Database, Map<string, Promise<ImageResult[]>>>();

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
