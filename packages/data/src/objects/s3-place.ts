/** @file A bucket as the place of a database's images: which it is, and whether it can be used. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  DomainError,
  type S3Setting,
  STORE_ID_FILE,
  type StorePlace,
  type StoreRecord,
  s3PathOf,
  storeSettingOf,
} from '@plumbline/contracts';
import { type AskS3, s3Client } from './s3-client.ts';
import { isNotFound, serverOf } from './s3-failure.ts';
import { putNew, uploadBytes } from './s3-upload.ts';

export function s3Place(setting: S3Setting, ask: AskS3): StorePlace {
  const host = serverOf(setting);
  return {
    ...{ host, directory: s3PathOf(setting) },
    async ensureId() {
      await tryOut(setting, ask);
      const known = await readId(setting, ask);
      if (known !== null) return known;
      await putNew(ask, idTargetOf(setting), Buffer.from(`${randomUUID()}\n`));
      const id = await readId(setting, ask);
      if (id !== null) return id;
      throw new DomainError('UNAVAILABLE', `${s3PathOf(setting)} does not keep what is written.`, {
        field: 'PLUMBLINE_STORE',
        fix: 'Check the server.',
      });
    },
    readId: () => readId(setting, ask),
    async isCopyOf(known) {
      return (await idAt(known, setting)) === known.id;
    },
  };
}

/** @throws DomainError for a bucket that isn't there, and credentials that may not do what is needed. */
async function tryOut(setting: S3Setting, ask: AskS3): Promise<void> {
  const target = { Bucket: setting.bucket, Key: `${setting.prefix}probe-${randomUUID()}` };
  await uploadBytes(ask, target, [Buffer.from('probe')]);
  await ask((client, { GetObjectCommand }) => client.send(new GetObjectCommand(target))).then(
    ({ Body }) => Body?.transformToByteArray(),
  );
  await ask((client, { DeleteObjectCommand }) => client.send(new DeleteObjectCommand(target)));
}

async function readId(setting: S3Setting, ask: AskS3): Promise<string | null> {
  const target = idTargetOf(setting);
  const text = await ask(async (client, { GetObjectCommand }) => {
    const { Body } = await client.send(new GetObjectCommand(target));
    return Body?.transformToString();
  }).catch((error: unknown) => {
    if (isNotFound(error)) return '';
    throw error;
  });
  return text?.trim() || null;
}

/** The id at the place that a database knows, if that is another one that can be asked. */
async function idAt(known: StoreRecord, setting: S3Setting): Promise<string | null> {
  if (known.host === serverOf(setting) && known.directory !== s3PathOf(setting)) {
    const there = storeSettingOf({ PLUMBLINE_STORE: known.directory });
    if (there.kind !== 's3') return null;
    const { bucket, prefix } = there;
    const other = { ...setting, bucket, prefix };
    return readId(other, s3Client(other)).catch(() => null);
  }
  if (known.host !== hostname()) return null;
  const text = await readFile(join(known.directory, STORE_ID_FILE), 'utf8').catch(() => '');
  return text.trim() || null;
}

function idTargetOf({ bucket, prefix }: S3Setting) {
  return { Bucket: bucket, Key: `${prefix}blobs/${STORE_ID_FILE}` };
}
