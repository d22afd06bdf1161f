/** @file The version that a run goes on from, and the images that it adds. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assertExtendable,
  assertTrained,
  BANK_STATE_FILE,
  DomainError,
  type ExtensionRequest,
  imagesToAdd,
  type ModelExtension,
  nothingToAdd,
  type Run,
  type Sample,
  type TrainedVersion,
} from '@plumbline/contracts';
import { type Database, knownSamples } from '@plumbline/db';
import type { Backbone, FittedParent } from '@plumbline/model';
import type { TrainerEnvironment } from '../../env.ts';

export interface OpenedExtension {
  readonly parent: TrainedVersion;
  /** For the manifest. */
  readonly facts: ModelExtension;
  /** Of the parent's bundle. */
  readonly folder: string;
}

/** @throws DomainError NOT_FOUND; CONFLICT for a version that images can't be added to, or that knows all of them. */
export async function openExtension(
  {
    database,
    environment,
  }: { readonly database: Database; readonly environment: TrainerEnvironment },
  run: Run,
  request: ExtensionRequest,
): Promise<OpenedExtension> {
  const parent = await database.models.get(run.model, request.version);
  assertTrained(parent);
  assertExtendable(parent.manifest);
  const known = await knownSamples(database.datasets, parent);
  const from = await database.datasets.manifest(request.from);
  const added = imagesToAdd([...known.ofDataset, ...known.added], from.manifest.samples);
  if (added.length === 0) throw nothingToAdd(request.from);
  const directory = await database.models.bundleDirectory(parent.model, parent.version);
  return {
    parent,
    folder: join(environment.home.bundles, directory),
    facts: {
      parent: parent.version,
      ...{ from: request.from, fromVersion: from.datasetVersion, evaluated: request.evaluate },
      added: added.map((sample) => withRangeOf(parent, sample)),
      addedBefore: [...known.added],
    },
  };
}

/** An image of more than 8 bits is read with the values for black and white that its category has in the model. */
function withRangeOf({ manifest }: TrainedVersion, sample: Sample): Sample {
  const own = manifest.ranges?.find(({ category }) => category === sample.category);
  return sample.range === undefined || own === undefined ? sample : { ...sample, range: own.range };
}

/** @throws DomainError CONFLICT when the run's backbone is not the one that the parent was fitted with. */
export function assertBackboneOf(
  { parent }: OpenedExtension,
  { sha256, featureTaps }: Backbone,
): void {
  const { backbone } = parent.manifest;
  const taps = featureTaps.map(({ name }) => name).join();
  if (backbone.sha256 === sha256 && backbone.featureTaps.join() === taps) return;
  throw new DomainError(
    'CONFLICT',
    `Version ${parent.version} was fitted with a backbone of SHA-256 ${backbone.sha256}; this one has ${sha256}.`,
    { field: 'backbone', fix: 'Put that backbone back, or train a new version.' },
  );
}

export async function readParent({ folder }: OpenedExtension): Promise<FittedParent> {
  const [model, state] = await Promise.all(
    ['model.onnx', BANK_STATE_FILE].map((name) => readFile(join(folder, name))),
  );
  return { model, state } as FittedParent;
}
