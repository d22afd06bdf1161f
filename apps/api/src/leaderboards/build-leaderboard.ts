/** @file Leaderboards: only results on the same dataset version and under the same protocol are ranked together. */
import {
  DomainError,
  type Leaderboard,
  type LeaderboardRow,
  type LeaderboardSummary,
  type ModelVersion,
} from '@plumbline/contracts';
import { isSameProtocol, PLUMBLINE_PROTOCOL, rankRows } from '@plumbline/eval';
import type { Services } from '../context.ts';

/** The current version of a dataset, and what was trained on it; the newest result sets the protocol. */
export async function buildLeaderboard(context: Services, dataset: string): Promise<Leaderboard> {
  const { datasetVersion } = await context.database.datasets.get(dataset);
  return rank(dataset, datasetVersion, await versionsOf(context, dataset));
}

/** One line for every dataset, those without results included. */
export async function listLeaderboards(context: Services): Promise<LeaderboardSummary[]> {
  const [datasets, versions] = await Promise.all([
    context.database.datasets.list(),
    versionsOf(context, null),
  ]);
  return datasets.map(({ name, datasetVersion }) => {
    const { rows } = rank(name, datasetVersion, versions);
    const best = rows[0];
    return {
      dataset: name,
      datasetVersion,
      rows: rows.length,
      bestModel: best?.model ?? null,
      bestImageAuroc: best?.mean.imageAuroc ?? null,
    };
  });
}

/** All versions of the models of a dataset, or of all models. */
async function versionsOf(context: Services, dataset: string | null): Promise<ModelVersion[]> {
  const models = await context.database.models.list();
  const wanted = models.filter((model) => dataset === null || model.dataset === dataset);
  const versions = await Promise.all(
    wanted.map((model) => context.database.models.versions(model.name).catch(gone)),
  );
  return versions.flat();
}

/** A model that went between the two questions is simply absent. */
function gone(error: unknown): ModelVersion[] {
  if (error instanceof DomainError && error.code === 'NOT_FOUND') return [];
  throw error;
}

function rank(
  dataset: string,
  datasetVersion: string,
  versions: readonly ModelVersion[],
): Leaderboard {
  const current = versions
    .filter(({ manifest: { lineage } }) => {
      return lineage.dataset === dataset && lineage.datasetVersion === datasetVersion;
    })
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const protocol = current[0]?.manifest.protocol ?? PLUMBLINE_PROTOCOL;
  const comparable = current.filter((row) => isSameProtocol(row.manifest.protocol, protocol));
  return { dataset, datasetVersion, protocol, rows: rankRows(comparable.map(toRow)) };
}

function toRow({
  model,
  version,
  sizeBytes,
  manifest,
}: ModelVersion): Omit<LeaderboardRow, 'rank'> {
  return {
    model,
    modelVersion: version,
    method: manifest.method,
    backbone: manifest.backbone?.name ?? 'external',
    preset: manifest.preset,
    seed: manifest.seed,
    mean: manifest.mean,
    categories: manifest.categories,
    trainSeconds: manifest.trainSeconds,
    ...(manifest.kind === 'external' ? { external: true } : {}),
    latencyMs: { p50: manifest.latencyMs?.p50 ?? null, p95: manifest.latencyMs?.p95 ?? null },
    sizeBytes,
  };
}
