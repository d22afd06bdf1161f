/** @file The version that a run goes on from, and the images that it adds. */
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
import type { Bundle, BundleStore } from '@plumbline/data';
import { type Database, knownSamples } from '@plumbline/db';
import type { Backbone, FittedParent } from '@plumbline/model';

export interface OpenedExtension {
  readonly parent: TrainedVersion;
  /** For the manifest. */
  readonly facts: ModelExtension;
  /** The parent's. */
  readonly bundle: Bundle;
}

/** @throws DomainError NOT_FOUND; CONFLICT for a version that images can't be added to, or that knows all of them. */
export async function openExtension(
  { database, bundles }: { readonly database: Database; readonly bundles: BundleStore },
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
    bundle: bundles.at({ directory, files: parent.manifest.files }),
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

export async function readParent(extension: OpenedExtension): Promise<FittedParent> {
  const [model, state] = await Promise.all([
    readOfParent(extension, 'model.onnx'),
    readOfParent(extension, BANK_STATE_FILE),
  ]);
  return { model, state };
}

/** @throws DomainError NOT_FOUND */
export async function readOfParent(
  { bundle, parent }: OpenedExtension,
  name: string,
): Promise<Uint8Array> {
  const bytes = await bundle.read(name);
  if (bytes !== null) return bytes;
  throw new DomainError(
    'NOT_FOUND',
    `The bundle of ${parent.model} ${parent.version} has lost its ${name}.`,
    { file: name, fix: 'Put the file back from a copy, or train a new version.' },
  );
}
