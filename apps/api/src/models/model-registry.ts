/** @file Models, their versions, and the results of a version on the test split. */
import type { ImageResult, ModelSummary, ModelVersion } from '@plumbline/contracts';
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
  context: Services,
  name: string,
  version: number,
): Promise<ImageResult[]> {
  await context.database.models.get(name, version);
  return context.database.models.images(name, version);
}
