/** @file Makes another version of a dataset from one that is stored: no image is copied, and only those are read that nobody has looked at as they are now. */
import type { DatasetChange, DatasetManifest, Sample } from '@plumbline/contracts';
import { readImage, samplePixels } from '../images/decode-image.ts';
import type { CheckedSample } from '../import/check-samples.ts';
import { lookOf } from '../import/first-look.ts';
import { type ImportedDataset, picturesOf } from '../import/import-dataset.ts';
import { reportImport } from '../import/import-report.ts';
import { runBounded } from '../run-bounded.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import type { KeptLooks } from '../store/kept-looks.ts';
import type { KeptLook } from '../store/look-pack.ts';
import { sha256Of } from '../store/sha256.ts';
import { type AddedManifests, editRegions } from './edit-regions.ts';
import { changesNothing, editSamples } from './edit-samples.ts';
import { lookAtMask } from './look-at-mask.ts';
import { readNewMasks } from './set-masks.ts';

/** As of an import. */
const CONCURRENCY = 2;
/** Images whose looks are lost if this is cancelled. */
const LEARNED_AT_MOST = 256;

export interface EditOptions {
  /** Of the version that is changed. */
  readonly manifest: DatasetManifest;
  readonly changes: readonly DatasetChange[];
  /** By the change that adds them. */
  readonly added: AddedManifests;
  readonly blobs: BlobStore;
  readonly looks: KeptLooks;
  /** Images looked at so far and in all. */
  onProgress?(checked: number, total: number): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Ranges of values and rules of masks stay those that the samples have: what stays keeps its pixels.
 * @throws DomainError as `editSamples`; INTERNAL for an image that is damaged; CANCELLED
 */
export async function editDataset(options: EditOptions): Promise<ImportedDataset> {
  const { manifest, changes, added } = options;
  const masks = await readNewMasks(changes, options.blobs, manifest.samples);
  const addedSamples = new Map([...added].map(([change, { samples }]) => [change, samples]));
  const samples = editSamples(manifest.samples, changes, addedSamples, masks);
  const edited = withRegions(
    { ...manifest, samples },
    editRegions(manifest, changes, added, samples),
  );
  const hash = sha256Of(canonicalJson(edited));
  if (hash === sha256Of(canonicalJson(manifest))) throw changesNothing();
  const checked = await checkAgain(options, samples);
  return {
    manifest: edited,
    hash,
    report: reportImport({ layout: manifest.layout, checked, ignored: [], root: '', told: {} }),
    pictures: picturesOf(checked),
  };
}

function withRegions(
  { ignore: _, ...manifest }: DatasetManifest,
  ignore: DatasetManifest['ignore'],
): DatasetManifest {
  return ignore === undefined ? manifest : { ...manifest, ignore };
}

async function checkAgain(
  { blobs, looks, signal, onProgress }: EditOptions,
  samples: readonly Sample[],
): Promise<CheckedSample[]> {
  const kept = await looks.read(samples);
  const learned: CheckedSample[] = [];
  let done = 0;
  const checked = await runBounded({
    items: samples.map((sample, index) => ({ sample, look: kept[index] ?? null })),
    concurrency: CONCURRENCY,
    signal,
    run: async ({ sample, look }) => {
      const one = checkedOf(sample, look ?? (await lookAgain(blobs, sample)));
      if (look === null) learned.push(one);
      if (learned.length === LEARNED_AT_MOST) await looks.write(learned.splice(0));
      done += 1;
      onProgress?.(done, samples.length);
      return one;
    },
  });
  await looks.write(learned);
  return checked;
}

function checkedOf(sample: Sample, look: KeptLook): CheckedSample {
  const { path, mask: blob, maskRule } = sample;
  const mask =
    blob === null || look.mask === null
      ? null
      : { file: maskFileOf(path), blob, rule: maskRule ?? null, ...look.mask };
  return { ...look, sample, imageFile: path, mask };
}

async function lookAgain(blobs: BlobStore, sample: Sample): Promise<KeptLook> {
  const bytes = await blobs.read(sample.image.sha256);
  const image = await readImage(bytes, sample.path);
  const look = lookOf(samplePixels(image, sample), sample);
  return { isTransparent: image.isTransparent, ...look, mask: await lookAtMask(blobs, sample) };
}

const maskFileOf = (path: string) => `mask of ${path}`;
