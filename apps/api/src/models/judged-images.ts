/** @file The test images of a version, against the thresholds that serve. */
import {
  type ImageResult,
  isTrained,
  type JudgedImage,
  type ListImagesInput,
  scoreRatio,
  type ThresholdProfile,
  thresholdOf,
} from '@plumbline/contracts';
import type { Services } from '../context.ts';

/** @throws DomainError NOT_FOUND */
export async function listJudgedImages(
  { database }: Services,
  { name, version, ...choice }: ListImagesInput,
): Promise<JudgedImage[]> {
  const found = await database.models.get(name, version);
  const profile = isTrained(found) ? (await database.thresholds.active(found)).profile : null;
  const images = await database.models.images(name, version, choice);
  return images.map((image) => judge(image, profile));
}

function judge(image: ImageResult, profile: ThresholdProfile | null): JudgedImage {
  if (profile === null) return { ...image, threshold: null, scoreRatio: null };
  const threshold = thresholdOf(profile, image.category).imageThreshold;
  return { ...image, threshold, scoreRatio: scoreRatio(image.imageScore, threshold) };
}
