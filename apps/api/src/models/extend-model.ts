/** @file Adds images to a model version: a run that publishes another version, without fitting again. */
import {
  assertExtendable,
  assertTrained,
  type ExtendModelInput,
  imagesToAdd,
  nothingToAdd,
  type Run,
} from '@plumbline/contracts';
import { knownSamples } from '@plumbline/db';
import type { Context } from '../context.ts';
import { claimOf } from '../idempotency/claim-of.ts';
import { assertSameBackbone, assertSameDataset, inputOf } from '../leaderboards/rerun-version.ts';

/** @throws DomainError NOT_FOUND; CONFLICT for a version that images can't be added to, or that knows all of them. */
export async function extendModel(context: Context, request: ExtendModelInput): Promise<Run> {
  const { database } = context;
  const claim = claimOf(context, 'models.extend', request);
  const before = await database.idempotency.find(claim);
  if (before !== null) return database.runs.get(before);
  const { name, ...asked } = request;
  const parent = await database.models.get(name, asked.version);
  assertTrained(parent);
  assertExtendable(parent.manifest);
  const datasetVersion = await assertSameDataset(context, parent);
  const known = await knownSamples(database.datasets, parent);
  const { manifest } = await database.datasets.manifest(asked.from);
  const added = imagesToAdd([...known.ofDataset, ...known.added], manifest.samples);
  if (added.length === 0) throw nothingToAdd(asked.from);
  const { reproduces: _, decoder: __, ...input } = await inputOf(context, parent);
  await assertSameBackbone(parent, input.backbone);
  // As its preset was resolved then: a preset may have changed since.
  const settings = parent.manifest.config['preset'] as Record<string, unknown>;
  const asIs = { ...input, datasetVersion, settings };
  return database.runs.create({ ...asIs, model: name, extends: asked }, claim);
}
