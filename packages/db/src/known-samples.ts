/** @file Which images a model version knows: those of its dataset version, and those that were added. */
import { type ModelVersion, type Sample, versionNumberOf } from '@plumbline/contracts';
import type { DatasetRepository } from './dataset-repository.ts';

export interface KnownSamples {
  /** Every sample of the dataset version. */
  readonly ofDataset: readonly Sample[];
  /** Beyond it, in the order in which they were added. */
  readonly added: readonly Sample[];
}

export async function knownSamples(
  datasets: DatasetRepository,
  { manifest }: Pick<ModelVersion, 'manifest'>,
): Promise<KnownSamples> {
  const { lineage } = manifest;
  const { samples } = (
    await datasets.manifest(lineage.dataset, versionNumberOf(lineage.datasetVersion) ?? undefined)
  ).manifest;
  const extension = manifest.kind === 'external' ? undefined : manifest.extension;
  const added = extension === undefined ? [] : [...extension.addedBefore, ...extension.added];
  return { ofDataset: samples, added };
}
