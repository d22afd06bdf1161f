/** @file Training images of a run that stand out, where they differ, and what becomes of them. */
import {
  type DecidedSuspects,
  type DecideRunSuspects,
  DomainError,
  findSuspects,
  type RunSuspects,
  SUSPECT_MAPS_FILE,
  SUSPECTS_LISTED,
  toSuspects,
} from '@plumbline/contracts';
import type { Context, Services } from '../context.ts';
import { readSuspectMap, readTrainingScores } from '../models/bundle-report.ts';
import { applyDecisions } from '../suspects/decide-suspects.ts';
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
  const { dataset, model, modelVersion } = await requireResult(context, id);
  const { manifest } = await context.database.models.get(model, modelVersion);
  const found = toSuspects(await readTrainingScores(context, model, modelVersion), listed);
  const isMapped = manifest.files.some(({ name }) => name === SUSPECT_MAPS_FILE);
  const beyond = Math.min(found.beyondCut, SUSPECTS_LISTED, found.suspects.length);
  const suspects = await context.database.suspects.withKept(dataset, found.suspects);
  return { ...found, suspects, mapped: isMapped ? beyond : 0 };
}

/**
 * The others make a version after the latest of the dataset, whichever the run saw.
 * @throws DomainError NOT_FOUND; INVALID_INPUT naming an image without a score; CONFLICT for a run that has not succeeded, and as an edit
 */
export async function decideRunSuspects(
  context: Context,
  { id, decisions }: DecideRunSuspects,
): Promise<DecidedSuspects> {
  const { dataset: name, model, modelVersion } = await requireResult(context, id);
  return applyDecisions(context, {
    ...{ name, decisions, note: `Suspects of run ${id.slice(0, 8)}` },
    async suspects() {
      const scores = await readTrainingScores(context, model, modelVersion);
      return {
        listed: scores === null ? [] : findSuspects(scores),
        of: `the run ${id}`,
        fix: `See \`plumb runs suspects ${id} --limit 60\`; change other images with \`plumb datasets edit ${name}\`.`,
      };
    },
  });
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
