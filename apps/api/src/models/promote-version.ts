/** @file Hot swap: the new version is loaded and warm before it serves, the old one ends once nobody waits for it. */
import type { ModelVersion } from '@plumbline/contracts';
import type { Services } from '../context.ts';
import { findServedModel, servedModelKey } from '../inference/served-model.ts';

/** @throws DomainError NOT_FOUND; UNAVAILABLE when its graph can't be loaded, and then the old one stays */
export async function promoteVersion(
  context: Services,
  name: string,
  version: number,
): Promise<ModelVersion> {
  const { database, inference } = context;
  const before = (await database.models.versions(name)).find((row) => row.promoted);
  const next = await findServedModel(context, name, version);
  await inference.warm(next);
  const promoted = await database.models.promote(name, version);
  if (before !== undefined && before.version !== version) inference.release(servedModelKey(before));
  return promoted;
}
