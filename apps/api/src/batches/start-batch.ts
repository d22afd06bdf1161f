/** @file Starts a batch: checks what can be checked at once, then leaves the work to the queue. */
import {
  type Batch,
  type BatchSource,
  type StartBatchInput,
  selectorOf,
} from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { claimOf } from '../idempotency/claim-of.ts';
import { planCategory } from '../inference/choose-category.ts';
import { openBatchImages } from './batch-images.ts';
import { toBatch } from './own-batches.ts';

/**
 * All images are judged by the version and thresholds that serve now, whatever is promoted or activated meanwhile.
 * @throws DomainError NOT_FOUND; INVALID_INPUT for a category that the model doesn't know, or a source without images
 */
export async function startBatch(context: Context, input: StartBatchInput): Promise<Batch> {
  const { database, principal } = context;
  const claim = claimOf(context, 'batches.start', [principal.id, input]);
  const before = await database.idempotency.find(claim);
  if (before !== null) return toBatch(context, await database.batches.get(before));
  const served = await context.served.get(
    input.model.model,
    selectorOf(input.model, input.version),
  );
  const { version, thresholds } = served;
  // Finding it may be the only way, and not every version can.
  const isNamed = input.category !== undefined || input.source.kind === 'upload';
  if (isNamed) await planCategory(context.categoryBanks, served, input.category);
  const order = {
    ...input,
    ...{ model: version.model, version: version.version },
    thresholdProfile: thresholds.version,
    source: await settledSource(context, input.source),
  };
  const images = await openBatchImages(context, order, version);
  await images.close();
  const owned = { order, owner: principal.id, startedBy: principal.name };
  return toBatch(context, await database.batches.create(owned, claim));
}

/** The latest version of a dataset is another one tomorrow. @throws DomainError */
async function settledSource(context: Context, source: BatchSource): Promise<BatchSource> {
  if (source.kind === 'dataset') {
    const { version } = await context.database.datasets.get(source.name, source.version);
    return { ...source, version };
  }
  await context.uploads.assertFinished(source.uploadId);
  return source;
}
