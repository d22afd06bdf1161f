/** @file What a bundle says about its evaluation: curves and histograms, and the model card. */
import {
  DomainError,
  type EvaluationFile,
  evaluationFileSchema,
  fromStoredMap,
  SUSPECT_MAPS_FILE,
  type SuspectMap,
  suspectMapsFileSchema,
  TRAINING_SCORES_FILE,
  type TrainingScores,
  trainingScoresSchema,
} from '@plumbline/contracts';
import type { Services } from '../context.ts';
import { listBundleFiles } from './bundle-files.ts';

/** Null for a bundle of 0.1, which has none. @throws DomainError NOT_FOUND */
export async function readEvaluationFile(
  context: Services,
  name: string,
  version: number,
): Promise<EvaluationFile | null> {
  const text = await readText(context, name, version, 'evaluation.json');
  return text === null ? null : evaluationFileSchema.parse(JSON.parse(text));
}

/** Null for a bundle of before scores of training images were kept. @throws DomainError NOT_FOUND */
export async function readTrainingScores(
  context: Services,
  name: string,
  version: number,
): Promise<TrainingScores | null> {
  const text = await readText(context, name, version, TRAINING_SCORES_FILE);
  return text === null ? null : trainingScoresSchema.parse(JSON.parse(text));
}

/** Of one suspect, by its place in their list; null where none was kept. @throws DomainError NOT_FOUND */
export async function readSuspectMap(
  context: Services,
  name: string,
  version: number,
  position: number,
): Promise<SuspectMap | null> {
  const text = await readText(context, name, version, SUSPECT_MAPS_FILE);
  const { maps } = text === null ? { maps: [] } : suspectMapsFileSchema.parse(JSON.parse(text));
  const found = maps[position];
  return found === undefined ? null : fromStoredMap(found);
}

/** Markdown. @throws DomainError NOT_FOUND */
export async function readModelCard(
  context: Services,
  name: string,
  version: number,
): Promise<{ markdown: string }> {
  const markdown = await readText(context, name, version, 'card.md');
  if (markdown !== null) return { markdown };
  throw new DomainError('NOT_FOUND', `The bundle of ${name} ${version} has no card.md.`, {
    file: 'card.md',
    fix: 'Train the model again.',
  });
}

async function readText(
  context: Services,
  name: string,
  version: number,
  file: string,
): Promise<string | null> {
  const found = (await listBundleFiles(context, name, version)).find((one) => one.name === file);
  return found === undefined ? null : Buffer.from(await found.read()).toString('utf8');
}
