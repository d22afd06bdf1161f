/** @file What came of a run that has succeeded. */
import {
  assertTrained,
  type ModelVersion,
  type RunResult,
  thresholdNotes,
} from '@plumbline/contracts';
import { protocolKey, rankRows } from '@plumbline/eval';
import type { Services } from '../context.ts';
import { versionsAlike } from '../leaderboards/build-leaderboard.ts';
import { toRow } from '../leaderboards/to-row.ts';
import { requireResult } from './require-result.ts';
import { chooseResultImages } from './result-images.ts';

/** @throws DomainError NOT_FOUND; CONFLICT while there is none, or for a run that did not succeed */
export async function getRunResult(context: Services, id: string): Promise<RunResult> {
  const { database } = context;
  const run = await requireResult(context, id);
  const versions = await database.models.versions(run.model);
  const own = await database.models.get(run.model, run.modelVersion);
  assertTrained(own);
  const { manifest } = own;
  const { profile } = await database.thresholds.active(own);
  const notes = thresholdNotes(profile, Object.keys(manifest.categories));
  const logs = await database.runs.logs(id);
  const warnings = logs.filter(({ severity }) => severity === 'warning').map(({ text }) => text);
  return {
    run: id,
    model: run.model,
    modelVersion: run.modelVersion,
    promoted: own.promoted,
    promotedVersion: versions.find((one) => one.promoted)?.version ?? null,
    dataset: run.dataset,
    datasetVersion: manifest.lineage.datasetVersion,
    protocol: manifest.protocol.name,
    protocolKey: protocolKey(manifest.protocol),
    mean: manifest.mean,
    ...(await placeOnBoard(context, own)),
    thresholdNotes: notes,
    // The run said before its training what the notes say now.
    warnings: warnings.filter((text) => !notes.includes(text)),
    images: chooseResultImages(await database.models.images(run.model, run.modelVersion), profile),
  };
}

/** By mean image AUROC, without the paired test that the board itself makes: that takes seconds on a large one. */
async function placeOnBoard(
  context: Services,
  own: ModelVersion,
): Promise<Pick<RunResult, 'barred' | 'rows' | 'place' | 'best'>> {
  const { lineage, protocol } = own.manifest;
  const key = protocolKey(protocol);
  const all = await context.database.models.all(lineage.dataset);
  const alike = await versionsAlike(context, lineage.dataset, lineage.datasetVersion);
  const board = all.filter(
    ({ manifest }) =>
      alike.has(manifest.lineage.datasetVersion) && protocolKey(manifest.protocol) === key,
  );
  const rows = rankRows(board.map((version) => toRow(version, null, lineage.datasetVersion)));
  const isOwn = (row: { model: string; modelVersion: number }) =>
    row.model === own.model && row.modelVersion === own.version;
  const row = rows.find(isOwn);
  const best = rows.find((one) => one.rank !== null && !isOwn(one));
  return {
    barred: row?.barred ?? null,
    rows: rows.length,
    place: row?.rank ?? null,
    best:
      best === undefined
        ? null
        : { model: best.model, modelVersion: best.modelVersion, mean: best.mean },
  };
}
