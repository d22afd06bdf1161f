/**
 * @file Writes a model bundle: `model.onnx`, `evaluation.json`, `card.md` and `manifest.json`. A bundle of imported results has no `model.onnx`, but the heatmaps of its worst images; one with
 * a decoder has `normal.onnx` too, one of several categories `category-bank.safetensors`, and one that
 * images can be added to `bank-state.safetensors`.
 */
import { createHash } from 'node:crypto';
import {
  BANK_STATE_FILE,
  CATEGORY_BANK_FILE,
  type EvaluationFile,
  SUSPECT_MAPS_FILE,
  type SuspectMap,
  TRAINING_SCORES_FILE,
  type TrainingScores,
  toSuspectMapsFile,
  type VersionManifest,
} from '@plumbline/contracts';
import type { BundleFile, BundleStore } from '@plumbline/data';
import { modelCard } from './model-card.ts';
import type { UnsignedManifest } from './unsigned-manifest.ts';

export interface BundleContents<Manifest> {
  readonly unsigned: Manifest;
  readonly evaluation: EvaluationFile;
  /** Null for imported results. */
  readonly model: Uint8Array | null;
  /** `normal.onnx`; null without a decoder. */
  readonly normal?: Uint8Array | null;
  /** `category-bank.safetensors`; null with a single category. */
  readonly categoryBank?: Uint8Array | null;
  /** `bank-state.safetensors`; null for a version that images can't be added to. */
  readonly bankState?: Uint8Array | null;
  /** `training-scores.json`; null for imported results. */
  readonly trainingScores?: TrainingScores | null;
  /** `suspect-maps.json`, where there are any. */
  readonly suspectMaps?: readonly SuspectMap[];
  /** Further files. */
  readonly pictures?: readonly BundleFile[];
}

export interface WrittenBundle<Manifest> {
  readonly manifest: Manifest & Pick<VersionManifest, 'files'>;
  /** SHA-256 over names and hashes of the bundle's files. The manifest, which has time stamps, is not one of them. */
  readonly bundleHash: string;
  readonly sizeBytes: number;
}

/** @param directory The bundle's own, which must not be there yet. */
export async function writeBundle<Manifest extends UnsignedManifest>(
  bundles: BundleStore,
  directory: string,
  contents: BundleContents<Manifest>,
): Promise<WrittenBundle<Manifest>> {
  const { unsigned, evaluation, model, normal = null, categoryBank = null } = contents;
  const card = modelCard(unsigned, evaluation, {
    modelBytes: model?.byteLength ?? null,
    trainingScores: contents.trainingScores ?? null,
  });
  const files = [
    ...(model === null ? [] : [{ name: 'model.onnx', bytes: model }]),
    ...(normal === null ? [] : [{ name: 'normal.onnx', bytes: normal }]),
    jsonFile('evaluation.json', evaluation),
    { name: 'card.md', bytes: Buffer.from(card) },
    ...(categoryBank === null ? [] : [{ name: CATEGORY_BANK_FILE, bytes: categoryBank }]),
    ...(contents.bankState ? [{ name: BANK_STATE_FILE, bytes: contents.bankState }] : []),
    ...(contents.trainingScores ? [jsonFile(TRAINING_SCORES_FILE, contents.trainingScores)] : []),
    ...(contents.suspectMaps?.length
      ? [jsonFile(SUSPECT_MAPS_FILE, toSuspectMapsFile(contents.suspectMaps))]
      : []),
    ...(contents.pictures ?? []),
  ];
  const manifest = {
    ...unsigned,
    files: files.map(({ name, bytes }) => ({
      name,
      sha256: sha256(bytes),
      bytes: bytes.byteLength,
    })),
  };
  const manifestBytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  // Last: a bundle in a bucket that has it has all of its files.
  await bundles.write(directory, [...files, { name: 'manifest.json', bytes: manifestBytes }]);
  return {
    manifest,
    bundleHash: sha256(
      Buffer.from(manifest.files.map((file) => `${file.name} ${file.sha256}`).join('\n')),
    ),
    sizeBytes: files.reduce((sum, file) => sum + file.bytes.byteLength, manifestBytes.byteLength),
  };
}

function jsonFile(name: string, value: unknown): BundleFile {
  return { name, bytes: Buffer.from(`${JSON.stringify(value)}\n`) };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
