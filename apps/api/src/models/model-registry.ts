/** @file Models, their versions, and the results of a version on the test split. */
import {
  type ImageResult,
  isTrained,
  type JudgedImage,
  type ModelSummary,
  type ModelVersion,
  scoreRatio,
  type ThresholdProfile,
  thresholdOf,
} from '@plumbline/contracts';
import type { Services } from '../context.ts';

export function listModels(context: Services): Promise<ModelSummary[]> {
  return context.database.models.list();
}

/** Newest first. @throws DomainError NOT_FOUND */
export function listModelVersions(context: Services, name: string): Promise<ModelVersion[]> {
  return context.database.models.versions(name);
}

/** @throws DomainError NOT_FOUND */
export async function listImageResults(
  { database }: Services,
  name: string,
  version: number,
): Promise<JudgedImage[]> {
  const found = await database.models.get(name, version);
  const profile = isTrained(found) ? (await database.thresholds.active(found)).profile : null;
  const images = await database.models.images(name, version);
  return images.map((image) => judge(image, profile));
}

function judge(image: ImageResult, profile: ThresholdProfile | null): JudgedImage {
  if (profile === null) return { ...image, threshold: null, scoreRatio: null };
  const threshold = thresholdOf(profile, image.category).imageThreshold;
  return { ...image, threshold, scoreRatio: scoreRatio(image.imageScore, threshold) };
}
