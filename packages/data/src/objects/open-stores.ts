/** @file What a platform's processes share, where its setting says. */
import { join } from 'node:path';
import type { PlatformHome, StorePlace, StoreSetting } from '@plumbline/contracts';
import type { BundleStore } from '../bundles/bundle-store.ts';
import { openFolderBundles } from '../bundles/folder-bundles.ts';
import { openRemoteBundles } from '../bundles/remote-bundles.ts';
import { type BlobStore, openBlobStore, openFolderBlobStore } from '../store/blob-store.ts';
import { openFileCache } from './file-cache.ts';
import { openFolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { s3Client } from './s3-client.ts';
import { s3Place } from './s3-place.ts';
import { openS3Store } from './s3-store.ts';

export interface Stores {
  /** A folder, or a store elsewhere: for the database, which knows where its images are. */
  readonly place: string | StorePlace;
  readonly blobs: BlobStore;
  readonly bundles: BundleStore;
  readonly checkpoints: ObjectStore;
}

/** Opens no connection: that is made when something is first asked for. */
export function openStores(home: PlatformHome, setting: StoreSetting): Stores {
  if (setting.kind === 'folder')
    return {
      place: home.blobs,
      blobs: openFolderBlobStore(home.blobs),
      bundles: openFolderBundles(home.bundles),
      checkpoints: openFolderStore(
        join(home.work, 'checkpoints'),
        join(home.work, 'staging', 'checkpoints'),
      ),
    };
  const ask = s3Client(setting);
  const storeOf = (name: string) =>
    openS3Store({
      setting: { ...setting, prefix: `${setting.prefix}${name}/` },
      ask,
      scratch: join(home.work, 'staging', name),
    });
  const cache = openFileCache(join(home.cache, 'store'), setting.cacheBytes);
  return {
    place: s3Place(setting, ask),
    blobs: openBlobStore(storeOf('blobs'), cache),
    bundles: openRemoteBundles({
      objects: storeOf('bundles'),
      cache,
      home: openFolderBundles(home.bundles),
    }),
    checkpoints: storeOf('checkpoints'),
  };
}
