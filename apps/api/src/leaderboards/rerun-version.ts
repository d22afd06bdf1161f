/** @file Repeats a model version: the same dataset version, settings, seed and backbone, as another run. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { isAbsolute } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  DomainError,
  findEmbeddedBackbone,
  isTrained,
  type ModelVersion,
  type Run,
  type StartTrainingInput,
  type TrainedVersion,
  versionNumberOf,
} from '@plumbline/contracts';
import type { Context, Services } from '../context.ts';
import { claimOf } from '../idempotency/claim-of.ts';
import { checkTraining } from '../runs/check-training.ts';

/** @throws DomainError NOT_FOUND for the version; CONFLICT when its dataset version, run or backbone is gone */
export async function rerunVersion(context: Context, model: string, version: number): Promise<Run> {
  const { database } = context;
  const claim = claimOf(context, 'leaderboards.rerun', { model, version });
  const before = await database.idempotency.find(claim);
  if (before !== null) return database.runs.get(before);
  const row = await database.models.get(model, version);
  if (!isTrained(row)) {
    throw new DomainError('CONFLICT', `${describe(row)} has results that were made elsewhere.`, {
      field: 'version',
      fix: 'Name a version that was trained here.',
    });
  }
  const datasetVersion = await assertSameDataset(context, row);
  const input = { ...(await inputOf(context, row)), datasetVersion };
  await assertSameBackbone(row, input.backbone);
  await checkTraining(context, input);
  return database.runs.create({ ...input, model, reproduces: { model, version } }, claim);
}

/** @returns the number of the dataset version. */
export async function assertSameDataset(context: Services, row: ModelVersion): Promise<number> {
  const { dataset, datasetVersion } = row.manifest.lineage;
  const number = versionNumberOf(datasetVersion);
  const known = await context.database.datasets
    .get(dataset, number ?? undefined)
    .catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'NOT_FOUND') return null;
      throw error;
    });
  if (known?.datasetVersion === datasetVersion) return known.version;
  throw new DomainError(
    'CONFLICT',
    `${describe(row)} was trained on version ${datasetVersion} of the dataset "${dataset}", which ${known === null ? 'is gone' : `is ${known.datasetVersion} now`}.`,
    {
      field: 'version',
      fix: `Import the images of ${datasetVersion} again, or train a new version.`,
    },
  );
}

/** What its manifest alone does not hold: where the backbone's file is, and what was asked for beyond the preset. */
export async function inputOf(context: Services, row: ModelVersion): Promise<StartTrainingInput> {
  return context.database.runs.input(row.manifest.lineage.run).catch((cause: unknown) => {
    throw new DomainError('CONFLICT', `The run that made ${describe(row)} is no longer known.`, {
      field: 'version',
      fix: 'Train a new version with the settings that its manifest names.',
      cause,
    });
  });
}

/** A file is hashed; what has a name of the list is the trainer's to find, and its hash is compared afterwards. */
export async function assertSameBackbone(row: TrainedVersion, backbone: string): Promise<void> {
  const { sha256 } = row.manifest.backbone;
  const embedded = findEmbeddedBackbone(backbone);
  if (embedded !== null && embedded.sha256 !== sha256) {
    throw new DomainError(
      'CONFLICT',
      `The weights of the embedded backbone "${backbone}" have changed since ${describe(row)} was trained: they had the SHA-256 ${sha256} and have ${embedded.sha256} now.`,
      {
        field: 'version',
        fix: "The version still answers predictions, but its numbers can't be reproduced. Train a new version.",
      },
    );
  }
  if (!isAbsolute(backbone)) return;
  const found = await hashFile(backbone);
  if (found === sha256) return;
  const what = found === null ? 'is gone' : 'has other contents now';
  throw new DomainError('CONFLICT', `The backbone of ${describe(row)} ${what}.`, {
    field: 'version',
    file: backbone,
    fix: `Put the file with SHA-256 ${sha256} back.`,
  });
}

async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'EACCES')
      return null;
    throw error;
  }
}

function describe({ model, version }: ModelVersion): string {
  return `${model} version ${version}`;
}
