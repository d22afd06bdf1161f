/**
 * @file Publishes a bundle: its files are written into the store, then the row makes it a version.
 * Each attempt has a folder of its own, so that all of it can be repeated and a late one overwrites nothing.
 */
import type { ImageResult } from '@plumbline/contracts';
import type { BundleStore } from '@plumbline/data';
import {
  type Attempt,
  type Database,
  isDatabaseAway,
  outlastDatabase,
  type Patience,
} from '@plumbline/db';
import { attemptName } from '../attempt-name.ts';
import { removeLeftBundles } from './left-bundles.ts';
import { outlastStore } from './outlast-store.ts';
import type { UnsignedManifest } from './unsigned-manifest.ts';
import { type BundleContents, writeBundle } from './write-bundle.ts';

export interface BundleToPublish {
  readonly attempt: Attempt;
  readonly bundles: BundleStore;
  readonly contents: BundleContents<UnsignedManifest>;
  readonly images: readonly ImageResult[];
  readonly patience: Patience;
}

/** @throws SupersededError when another attempt has begun, with nothing of this one left. */
export async function publishBundle(
  { models }: Pick<Database, 'models'>,
  { attempt, bundles, contents, images, patience }: BundleToPublish,
): Promise<void> {
  const bundleDirectory = attemptName(attempt);
  const written = await outlastStore(
    () => writeBundle(bundles, bundleDirectory, contents),
    patience,
  );
  const { manifest, bundleHash, sizeBytes } = written;
  const publication = { attempt, manifest, bundleDirectory, bundleHash, sizeBytes, images };
  try {
    // Once a run, however often: it may be repeated when the answer was lost.
    await outlastDatabase(() => models.publish(publication), patience);
  } catch (error) {
    // An answer that was lost may have been a yes; what is left over is found later.
    if (!isDatabaseAway(error)) await bundles.remove(bundleDirectory).catch(() => {});
    throw error;
  }
  await removeLeftBundles({ models }, bundles, { of: attempt.id }).catch((error: unknown) =>
    console.error('Bundles that were left over were not removed:', error),
  );
}
