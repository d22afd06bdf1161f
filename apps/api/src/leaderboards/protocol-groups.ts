/** @file Results on one dataset version by the protocol that they were evaluated under. */
import type { ModelVersion, OtherProtocol, Protocol, ProtocolSummary } from '@plumbline/contracts';
import { protocolDifferences, protocolKey, rankRows } from '@plumbline/eval';
import { toRow } from './to-row.ts';

export interface ProtocolGroup {
  readonly protocol: Protocol;
  readonly key: string;
  /** Newest first. */
  readonly versions: readonly ModelVersion[];
}

/** The fullest protocol first; of equally full ones that of the newest result, so that no small board hides a large one. */
export function groupByProtocol(newestFirst: readonly ModelVersion[]): ProtocolGroup[] {
  const groups = new Map<string, { protocol: Protocol; versions: ModelVersion[] }>();
  for (const version of newestFirst) {
    const { protocol } = version.manifest;
    const key = protocolKey(protocol);
    const group = groups.get(key) ?? { protocol, versions: [] };
    group.versions.push(version);
    groups.set(key, group);
  }
  // A map keeps the order of its first entries, and sorting is stable: ties stay newest first.
  return [...groups]
    .map(([key, group]) => ({ key, ...group }))
    .sort((a, b) => b.versions.length - a.versions.length);
}

/** The best row is found without the paired test: the highest mean image AUROC that is not barred by its own checks. */
export function summarizeProtocol({ protocol, key, versions }: ProtocolGroup): ProtocolSummary {
  const rows = rankRows(versions.map((version) => toRow(version, null)));
  const best = rows.find((row) => row.rank !== null);
  return {
    protocol: protocol.name,
    protocolKey: key,
    rows: rows.length,
    bestModel: best?.model ?? null,
    bestModelVersion: best?.modelVersion ?? null,
    bestImageAuroc: best?.mean.imageAuroc ?? null,
  };
}

/** The groups that a board under `protocol` leaves out. */
export function otherProtocols(
  groups: readonly ProtocolGroup[],
  protocol: Protocol,
): OtherProtocol[] {
  const own = protocolKey(protocol);
  return groups
    .filter(({ key }) => key !== own)
    .map(({ key, protocol: other, versions }) => ({
      protocol: other,
      protocolKey: key,
      differences: protocolDifferences(protocol, other),
      rows: versions.map(({ model, version }) => ({ model, modelVersion: version })),
    }));
}
