/** @file Refuses a run that can't be trained before anything is queued, naming what to choose instead. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { extname, isAbsolute } from 'node:path';
import {
  type DatasetFacts,
  DomainError,
  findCatalogBackbone,
  findEmbeddedBackbone,
  type KnownBackbone,
  nameSchema,
  planTraining,
  type StartTrainingInput,
  type TrainingPlan,
} from '@plumbline/contracts';
import { requireGridPixels } from '@plumbline/data';
import type { Services } from '../context.ts';

export interface CheckedTraining {
  readonly plan: TrainingPlan;
  readonly dataset: DatasetFacts;
}

/** @throws DomainError NOT_FOUND for the dataset, INVALID_INPUT with the field at fault */
export async function checkTraining(
  context: Pick<Services, 'database' | 'backbones'>,
  input: StartTrainingInput,
): Promise<CheckedTraining> {
  const { database } = context;
  const dataset = await database.trainingFacts.of(input.dataset, input.datasetVersion);
  const plan = planTraining(input, await knownBackbone(context, input.backbone));
  // One image to train on and another for the thresholds.
  if (dataset.categories.every(({ distinctNormal }) => distinctNormal < 2)) {
    throw new DomainError(
      'INVALID_INPUT',
      `The dataset "${input.dataset}" has too few normal training images.`,
      {
        field: 'dataset',
        fix: 'Import one with at least two different normal training images in a category.',
      },
    );
  }
  if (plan.minSidePx !== null) {
    const small = await database.trainingFacts.smallerThan(
      input.dataset,
      dataset.version,
      plan.minSidePx,
    );
    requireGridPixels(
      small.map(({ path, image }) => ({ file: path, ...image })),
      plan.minSidePx,
      'Or choose a smaller image size, or feature taps of a larger stride, or leave out the smaller images.',
    );
  }
  return { plan, dataset };
}

/** Null for a file, whose taps nobody here knows. */
async function knownBackbone(
  context: Pick<Services, 'database' | 'backbones'>,
  backbone: string,
): Promise<KnownBackbone | null> {
  const embedded = findEmbeddedBackbone(backbone);
  if (embedded !== null) return embedded;
  const isFile = ['.onnx', '.safetensors'].includes(extname(backbone).toLowerCase());
  if (isAbsolute(backbone) || (isFile && !nameSchema.safeParse(backbone).success)) {
    await assertFile(context, backbone, isFile);
    return null;
  }
  const entry = findCatalogBackbone(backbone);
  const here = await context.backbones.find(backbone);
  if (entry !== null) {
    if (here !== null || entry.sha256 !== null) return entry;
    throw new DomainError(
      'INVALID_INPUT',
      `The hash of backbone "${backbone}" must be confirmed before its first download.`,
      { field: 'backbone', fix: `Run "plumb backbones fetch ${backbone}", which says how.` },
    );
  }
  if (here !== null) return null;
  throw new DomainError('NOT_FOUND', `There is no backbone "${backbone}".`, {
    field: 'backbone',
    fix: 'See "plumb backbones list", or give the full path of an .onnx or .safetensors file.',
  });
}

/** The file is on a trainer's disk, which is this one's unless a trainer runs elsewhere. */
async function assertFile(
  { database }: Pick<Services, 'database'>,
  path: string,
  isFile: boolean,
): Promise<void> {
  if (!isFile) {
    throw new DomainError(
      'INVALID_INPUT',
      `${path} is not a file that a backbone can be read from.`,
      {
        field: 'backbone',
        fix: 'Give the full path of an .onnx or .safetensors file.',
      },
    );
  }
  if (isAbsolute(path) && existsSync(path)) return;
  const trainers = await database.trainers.list();
  if (isAbsolute(path) && trainers.some(({ alive, host }) => alive && host !== hostname())) return;
  throw new DomainError('INVALID_INPUT', `There is no file ${path}.`, {
    field: 'backbone',
    file: path,
    fix: isAbsolute(path)
      ? 'Check the path: the file must be on the disk of the machine that trains.'
      : 'Give the full path, from the root on.',
  });
}
