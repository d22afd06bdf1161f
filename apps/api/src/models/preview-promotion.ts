/** @file What a promotion would change: the version that serves and the one that would, side by side. */
import {
  assertTrained,
  backboneLabel,
  type PromotionCandidate,
  type PromotionPreview,
  type ProtocolDifference,
  type TrainedVersion,
  thresholdNotes,
} from '@plumbline/contracts';
import { protocolDifferences } from '@plumbline/eval';
import type { Services } from '../context.ts';
import { toRow } from '../leaderboards/to-row.ts';

/** @throws DomainError NOT_FOUND; CONFLICT for imported results, which can't serve */
export async function previewPromotion(
  { database }: Services,
  name: string,
  version: number,
): Promise<PromotionPreview> {
  const to = await database.models.get(name, version);
  assertTrained(to);
  const from = (await database.models.versions(name)).find((one) => one.promoted);
  if (from === undefined)
    return { from: null, to: await describe(to), comparable: false, differences: [] };
  assertTrained(from);
  const differences = differencesOf(from, to);
  return {
    from: await describe(from),
    to: await describe(to),
    comparable: differences.length === 0,
    differences,
  };

  async function describe(one: TrainedVersion): Promise<PromotionCandidate> {
    const { manifest } = one;
    const { profile } = await database.thresholds.active(one);
    return {
      version: one.version,
      createdAt: one.createdAt,
      datasetVersion: manifest.lineage.datasetVersion,
      protocol: manifest.protocol.name,
      method: manifest.method,
      preset: manifest.preset,
      backbone: backboneLabel(manifest.backbone),
      mean: manifest.mean,
      barred: toRow(one, null).barred,
      thresholdNotes: thresholdNotes(profile, Object.keys(manifest.categories)),
    };
  }
}

/** Between results that a leaderboard would rank together there are none. */
function differencesOf(from: TrainedVersion, to: TrainedVersion): ProtocolDifference[] {
  const here = from.manifest.lineage.datasetVersion;
  const there = to.manifest.lineage.datasetVersion;
  const dataset = { field: 'datasetVersion', label: 'Dataset version', here, there };
  return [
    ...(here === there ? [] : [dataset]),
    ...protocolDifferences(from.manifest.protocol, to.manifest.protocol),
  ];
}
