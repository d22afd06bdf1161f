/** @file Hot swap: the new version is loaded and warm before it serves, the old one ends once nobody waits for it. */

import type { Promotion } from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { holderOf } from '../serving/served-models.ts';

/**
 * Promoting the version that it replaced takes a promotion back.
 * @throws DomainError NOT_FOUND; UNAVAILABLE when its graph can't be loaded, and then the old one stays
 */
export async function promoteVersion(
  context: Context,
  name: string,
  version: number,
): Promise<Promotion> {
  const { database, inference, principal, served } = context;
  const next = await served.get(name, version);
  const holder = holderOf(name, 'promoted');
  await inference.warm(next, holder);
  const replaced = await database.models.promote(name, version, principal.name);
  inference.hold(holder, next);
  await served.refresh(name);
  return { ...(await database.models.get(name, version)), replaced };
}
