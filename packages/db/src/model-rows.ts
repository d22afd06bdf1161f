/** @file Rows of model versions as the registry shows them. */
import {
  backboneLabel,
  type ModelSummary,
  type ModelVersion,
  type VersionManifest,
  versionManifestSchema,
} from '@plumbline/contracts';
import type { ModelVersion as Row } from './generated/prisma/client.ts';

/** The latest version of a model. */
export interface LatestRow {
  readonly name: string;
  readonly dataset: string;
  readonly promotedVersion: number | null;
  readonly versions: number;
  readonly version: number;
  readonly manifest: unknown;
  readonly createdAt: Date;
}

export function toSummary({
  version,
  manifest: stored,
  createdAt,
  ...row
}: LatestRow): ModelSummary {
  const manifest = versionManifestSchema.parse(stored);
  return {
    ...row,
    latestVersion: version,
    method: manifest.method,
    backbone: manifest.backbone === null ? 'external' : backboneLabel(manifest.backbone),
    mean: manifest.mean,
    protocol: manifest.protocol.name,
    createdAt: createdAt.toISOString(),
  };
}

export function toModelVersion(
  row: Omit<Row, 'manifest'>,
  promotedVersion: number | null,
  manifest: VersionManifest,
): ModelVersion {
  return {
    model: row.modelName,
    version: row.version,
    promoted: row.version === promotedVersion,
    createdAt: row.createdAt.toISOString(),
    sizeBytes: Number(row.sizeBytes),
    bundleHash: row.bundleHash,
    thresholdProfile: row.activeProfile,
    manifest,
  };
}
