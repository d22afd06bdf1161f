/** @file Training images of a run that stand out. */
import { type Suspects, toSuspects } from '@plumbline/contracts';
import type { Services } from '../context.ts';
import { readTrainingScores } from '../models/bundle-report.ts';
import { requireResult } from './require-result.ts';

/**
 * @param listed So many of all that have a score; those beyond their cut alone when absent.
 * @throws DomainError NOT_FOUND; CONFLICT for a run that has not succeeded
 */
export async function getSuspects(
  context: Services,
  id: string,
  listed?: number,
): Promise<Suspects> {
  const { model, modelVersion } = await requireResult(context, id);
  return toSuspects(await readTrainingScores(context, model, modelVersion), listed);
}
