/** @file Which version of a model serves: changed and written down together. */
import type { PromotionEvent } from '@plumbline/contracts';
import type { Transaction } from './client.ts';
import type { PromotionEvent as Row } from './generated/prisma/client.ts';

/**
 * Lets a version serve; the caller holds the model's lock. A version that serves already is left as it is.
 * @returns The version that served until now, null when none did.
 */
export async function letServe(
  tx: Transaction,
  modelName: string,
  version: number,
  by: string,
): Promise<number | null> {
  const model = await tx.model.findUniqueOrThrow({ where: { name: modelName } });
  const replaced = model.promotedVersion;
  if (replaced === version) return replaced;
  await tx.model.update({ where: { name: modelName }, data: { promotedVersion: version } });
  await tx.promotionEvent.create({ data: { modelName, version, replaced, by } });
  return replaced;
}

export function toPromotionEvent({ version, replaced, by, at }: Row): PromotionEvent {
  return { version, replaced, by, at: at.toISOString() };
}
