/** @file Runs one dataset import: source to immutable version, or to an error that names the file. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ImportDatasetInput,
  type ImportSource,
  type PlatformHome,
  type S3Access,
  saidProvenance,
} from '@plumbline/contracts';
import {
  type BlobStore,
  blobHashesOf,
  generateSampleDataset,
  type ImportedDataset,
  importDataset,
  type KeptLooks,
  openKeptLooks,
  type Stores,
} from '@plumbline/data';
import type { Attempt, Database } from '@plumbline/db';
import { editStored, uploadsOf } from './edit-stored.ts';
import { reportNearDuplicates } from './report-near-duplicates.ts';
import { runQueued } from './run-queued.ts';
import { throttled } from './throttled.ts';
import { filesOf, uploadPath } from './upload-path.ts';

export interface ImportJob {
  readonly database: Database;
  readonly home: PlatformHome;
  readonly stores: Stores;
  /** Where buckets are; as the AWS configuration of the machine says, if absent. */
  readonly s3?: S3Access | undefined;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
}

export function runImportJob(job: ImportJob): Promise<void> {
  const { database, attempt, signal } = job;
  return runQueued(database.imports, attempt, signal, async () =>
    importFrom(job, await database.imports.input(attempt.id)),
  );
}

async function importFrom(job: ImportJob, input: ImportDatasetInput): Promise<void> {
  const { database, home, attempt } = job;
  const { blobs } = job.stores;
  const { name, source } = input;
  const report = throttled((done, total) => database.imports.progress(attempt, done, total));
  const looks = openKeptLooks(join(home.cache, 'looks'));
  const made =
    source.kind === 'edit'
      ? await editStored(job, { name, edit: source, blobs, looks, report })
      : { imported: await importFiles(job, { input, source, blobs, looks, report }) };
  const { imported } = made;
  await database.datasets.create({
    ...{ name, attempt },
    ...made,
    provenance: saidProvenance(input.provenance ?? {}, imported.provenance),
    imported: { ...imported, report: reportNearDuplicates(imported) },
    assertStored: () => blobs.assertHas(blobHashesOf(imported.manifest)),
  });
  for (const id of uploadsIn(source)) await rm(uploadPath(home, id), { force: true });
}

function uploadsIn(source: ImportSource): string[] {
  if (source.kind === 'edit') return uploadsOf(source);
  return source.kind === 'upload' ? [source.uploadId] : [];
}

interface Import {
  readonly blobs: BlobStore;
  readonly looks: KeptLooks;
  readonly report: (done: number, total: number) => void;
}

async function importFiles(
  job: ImportJob,
  {
    input,
    source,
    blobs,
    looks,
    report,
  }: Import & { input: ImportDatasetInput; source: FileSource },
): Promise<ImportedDataset> {
  const { home, attempt, signal } = job;
  const work = await makeWorkFolder(home.work, attempt);
  let made = 0;
  try {
    const located = await locate(job, source, work, (files, total) => {
      made = files;
      // What is made is checked afterwards.
      report(made, 2 * total);
    });
    return await importDataset({
      source: located,
      s3: job.s3,
      range: input.range,
      masks: input.masks,
      split: input.split,
      mapping: input.mapping,
      ...(source.kind === 'upload' ? { name: input.name } : {}),
      blobs,
      looks,
      signal,
      onProgress: (checked, total) => report(made + checked, made + total),
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Sources that are files, or are made as files. */
type FileSource = Exclude<ImportSource, { kind: 'edit' }>;

/** An attempt's own. What a killed trainer left of an earlier attempt is removed. */
async function makeWorkFolder(root: string, { id, number }: Attempt): Promise<string> {
  const prefix = `import-${id}-`;
  await mkdir(root, { recursive: true });
  for (const name of await readdir(root))
    if (name.startsWith(prefix)) await rm(join(root, name), { recursive: true, force: true });
  const work = join(root, `${prefix}${number}`);
  await mkdir(work);
  return work;
}

/** The folder or archive that a source stands for. */
async function locate(
  job: ImportJob,
  source: FileSource,
  work: string,
  onMade: (files: number, total: number) => void,
): Promise<string> {
  switch (source.kind) {
    case 'path':
    case 'upload':
      return filesOf(job, source);
    case 'sample': {
      const directory = join(work, 'sample');
      const { seed, size } = source;
      const { signal } = job;
      await generateSampleDataset({ directory, seed, size, signal, onProgress: onMade });
      return directory;
    }
  }
}
