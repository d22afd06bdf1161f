/** @file Training images of a run that stand out, and where they differ. */
import {
  DomainError,
  type RunSuspects,
  SUSPECT_MAPS_FILE,
  SUSPECTS_LISTED,
  toSuspects,
} from '@plumbline/contracts';
import type { Services } from '../context.ts';
import { readSuspectMap, readTrainingScores } from '../models/bundle-report.ts';
import { suspectPicture } from '../suspects/suspect-picture.ts';
import { requireResult } from './require-result.ts';

/**
 * @param listed So many of all that have a score; those beyond their cut alone when absent.
 * @throws DomainError NOT_FOUND; CONFLICT for a run that has not succeeded
 */
export async function getSuspects(
  context: Services,
  id: string,
  listed?: number,
): Promise<RunSuspects> {
  const { model, modelVersion } = await requireResult(context, id);
  const { manifest } = await context.database.models.get(model, modelVersion);
  const found = toSuspects(await readTrainingScores(context, model, modelVersion), listed);
  const isMapped = manifest.files.some(({ name }) => name === SUSPECT_MAPS_FILE);
  const beyond = Math.min(found.beyondCut, SUSPECTS_LISTED, found.suspects.length);
  return { ...found, mapped: isMapped ? beyond : 0 };
}

/** @returns PNG bytes. @throws DomainError NOT_FOUND; CONFLICT for a run that has not succeeded */
export async function runSuspectHeatmap(
  context: Services,
  id: string,
  position: number,
): Promise<Uint8Array> {
  const { model, modelVersion } = await requireResult(context, id);
  const map = await readSuspectMap(context, model, modelVersion, position);
  if (map !== null) return suspectPicture(context, map);
  throw new DomainError('NOT_FOUND', `The run ${id} has no map of suspect ${position}.`, {
    fix: 'See `mapped` of its suspects. A version of before maps were kept has none: train again.',
  });
}
