/** @file A trainer that is killed in the middle of a sweep: it says which image went first, and waits. Arguments: database, blob folder. */
import { openFolderBlobStore } from '@plumbline/data';
import { openDatabase } from '@plumbline/db';
import { sweepBlobs } from '../../sweep-blobs.ts';

const [url = '', folder = ''] = process.argv.slice(2);
const blobs = openFolderBlobStore(folder);
await sweepBlobs(
  await openDatabase(url),
  {
    ...blobs,
    async removeUnusedSince(sha256, time) {
      const isRemoved = await blobs.removeUnusedSince(sha256, time);
      process.send?.(sha256);
      await new Promise(() => {});
      return isRemoved;
    },
  },
  -1000,
);
