/** @file A prefix of an S3 bucket as the source of an import: its objects are listed, and each is read when it is asked for. */
import { DomainError, type S3Access, type S3Address, s3PathOf } from '@plumbline/contracts';
import { type AskS3, s3Client } from '../objects/s3-client.ts';
import { isNotFound, SOURCE_PURPOSE } from '../objects/s3-failure.ts';
import { listObjects } from '../objects/s3-list.ts';
import { entryPathOf } from './entry-path.ts';
import type { OpenedSource } from './source-files.ts';

/** Objects are listed in memory. */
const MAX_OBJECTS = 1_000_000;
const WORDS = {
  ...{ what: 'object', whole: 'prefix' },
  fix: 'Give the object another key, or import another prefix.',
};

interface BucketFile {
  readonly path: string;
  readonly bytes: number;
  /** Of the object, after the prefix. */
  readonly key: string;
}

/** @throws DomainError NOT_FOUND where nothing is below the prefix; what the server says otherwise */
export async function openBucket(address: S3Address, access: S3Access): Promise<OpenedSource> {
  const ask = s3Client({ ...access, ...address }, SOURCE_PURPOSE);
  const { files, directories } = await listFiles(ask, address);
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    ...{ files, directories },
    async read(path) {
      const file = byPath.get(path);
      if (file === undefined) throw new Error(`No object ${path}`);
      return readObject(ask, address, file);
    },
    close: async () => {},
  };
}

/** Before anything is listed. @throws DomainError as `openBucket` */
export async function assertInBucket(address: S3Address, access: S3Access): Promise<void> {
  const ask = s3Client({ ...access, ...address }, SOURCE_PURPOSE);
  for await (const page of listObjects(ask, { ...address, pageSize: 1 }))
    if (page.length > 0) return;
  throw nothingThere(address);
}

async function listFiles(ask: AskS3, address: S3Address) {
  const files: BucketFile[] = [];
  const directories = new Set<string>();
  for await (const page of listObjects(ask, address)) {
    for (const { key, bytes } of page) {
      // The prefix itself, as consoles make it for a folder.
      const path = key === '' ? null : entryPathOf(key, WORDS);
      if (path === null) continue;
      for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1))
        directories.add(path.slice(0, end));
      if (!path.endsWith('/')) files.push({ path, bytes, key });
    }
    if (files.length > MAX_OBJECTS) throw tooMany(address);
  }
  if (files.length === 0) throw nothingThere(address);
  return { files, directories: [...directories] };
}

async function readObject(
  ask: AskS3,
  { bucket, prefix }: S3Address,
  { path, key, bytes: expected }: BucketFile,
): Promise<Uint8Array> {
  const asked = { Bucket: bucket, Key: `${prefix}${key}` };
  const bytes = await ask(async (client, { GetObjectCommand }) => {
    const { Body, ContentLength } = await client.send(new GetObjectCommand(asked));
    // Before it is read into memory: what was listed is within the limit.
    if (ContentLength !== expected) {
      Body?.transformToWebStream().cancel();
      return null;
    }
    return Body?.transformToByteArray() ?? new Uint8Array();
  }).catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw error;
  });
  if (bytes?.length === expected) return bytes;
  throw new DomainError('INVALID_INPUT', `${path} was changed in the bucket during the import.`, {
    fix: 'Import again once nobody writes there.',
    file: path,
  });
}

function nothingThere(address: S3Address): DomainError {
  return new DomainError('NOT_FOUND', `There is nothing below ${s3PathOf(address)}/.`, {
    fix: 'Give a prefix that the files of a dataset are below, as folders. Archives are not read from a bucket: unpack them there, or upload one.',
    field: SOURCE_PURPOSE.field,
  });
}

function tooMany(address: S3Address): DomainError {
  return new DomainError(
    'TOO_LARGE',
    `There are more than ${MAX_OBJECTS.toLocaleString('en-US')} objects below ${s3PathOf(address)}/.`,
    { fix: 'Give a longer prefix, or split the dataset.', field: SOURCE_PURPOSE.field },
  );
}
