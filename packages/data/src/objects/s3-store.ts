/** @file Objects in a bucket of an S3 server, which shows no object before all of it is there. */
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { type S3Setting, s3PathOf } from '@plumbline/contracts';
import { runBounded } from '../run-bounded.ts';
import type { Flushing } from '../store/write-synced.ts';
import {
  type ListedObject,
  type LocalFile,
  type ObjectFacts,
  type ObjectStore,
  type OpenedObject,
  requireKey,
} from './object-store.ts';
import { ABANDONED_MS, removeAbandoned } from './remove-abandoned.ts';
import type { AskS3 } from './s3-client.ts';
import { isNotFound } from './s3-failure.ts';
import { listObjects } from './s3-list.ts';
import {
  base64Sha256,
  type S3Target,
  type UploadOptions,
  uploadBytes,
  uploadFile,
} from './s3-upload.ts';
import { streamOf } from './stream-of.ts';

const AT_A_TIME = 16;
/** An object that was used so recently is not renewed: a sweep leaves what was used within a day. */
const RENEWED_MS = 3_600_000;

export interface S3StoreOptions extends UploadOptions {
  /** Whose prefix the keys come after. */
  readonly setting: S3Setting;
  readonly ask: AskS3;
  /** Folder on this machine. */
  readonly scratch: string;
  readonly renewedMs?: number;
}

interface Head {
  readonly bytes: number;
  readonly usedAt: number;
  /** Null where the server keeps none, and for what came in parts. */
  readonly checksum: string | null;
}

export function openS3Store(options: S3StoreOptions): ObjectStore {
  return new S3Store(options);
}

class S3Store implements ObjectStore {
  readonly name: string;
  readonly scratch: string;
  readonly #ask: AskS3;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #upload: UploadOptions;
  readonly #renewedMs: number;

  constructor({ setting, ask, scratch, renewedMs = RENEWED_MS, ...upload }: S3StoreOptions) {
    this.name = s3PathOf(setting);
    this.scratch = scratch;
    this.#ask = ask;
    this.#bucket = setting.bucket;
    this.#prefix = setting.prefix;
    this.#upload = upload;
    this.#renewedMs = renewedMs;
  }

  async put(key: string, ...parts: readonly Uint8Array[]): Promise<void> {
    await uploadBytes(this.#ask, this.#target(key), parts, this.#upload);
  }

  /** It need not outlast a power failure: its bytes are in the bucket before anybody counts on them. */
  async prepare(path: string, bytes: Uint8Array): Promise<Flushing> {
    await writeFile(path, bytes);
    return { flushed: Promise.resolve() };
  }

  async take(files: readonly LocalFile[]): Promise<void> {
    const run = ({ key, path }: LocalFile) =>
      uploadFile(this.#ask, this.#target(key), path, this.#upload);
    await runBounded({ items: files, concurrency: AT_A_TIME, run });
  }

  async get(key: string): Promise<Uint8Array | null> {
    const asked = this.#target(key);
    const bytes = this.#ask(async (client, { GetObjectCommand }) => {
      const { Body } = await client.send(new GetObjectCommand(asked));
      return Body?.transformToByteArray() ?? new Uint8Array();
    }, asked.Key);
    return orNull(bytes);
  }

  async open(key: string): Promise<OpenedObject | null> {
    const asked = this.#target(key);
    const answer = await orNull(
      this.#ask(
        (client, { GetObjectCommand }) => client.send(new GetObjectCommand(asked)),
        asked.Key,
      ),
    );
    if (answer?.Body === undefined) return null;
    const stream = Readable.fromWeb(answer.Body.transformToWebStream() as ReadableStream);
    const told = toldBytes(stream, (error) => this.#ask(() => Promise.reject(error), asked.Key));
    return { bytes: answer.ContentLength ?? 0, stream: streamOf(told, stream) };
  }

  async stat(key: string): Promise<ObjectFacts | null> {
    const found = await this.#head(key);
    return found === null ? null : { bytes: found.bytes, usedAt: found.usedAt };
  }

  async holds(key: string, bytes: Uint8Array): Promise<boolean> {
    const found = await this.#head(key);
    if (found === null || found.bytes !== bytes.byteLength) return false;
    const isSame =
      found.checksum === null
        ? Buffer.compare((await this.get(key)) ?? new Uint8Array(), bytes) === 0
        : found.checksum === base64Sha256(bytes);
    return isSame && this.#touch(key, found);
  }

  async renew(key: string): Promise<boolean> {
    const found = await this.#head(key);
    return found !== null && this.#touch(key, found);
  }

  list(start: string): AsyncGenerator<readonly ListedObject[]> {
    return listObjects(this.#ask, { bucket: this.#bucket, prefix: this.#prefix, start });
  }

  async remove(key: string): Promise<void> {
    const asked = this.#target(key);
    await this.#ask(
      (client, { DeleteObjectCommand }) => client.send(new DeleteObjectCommand(asked)),
      asked.Key,
    );
  }

  async tidy(): Promise<void> {
    await removeAbandoned(this.scratch);
    await abortAbandoned(this.#ask, this.#bucket, this.#prefix);
  }

  #target(key: string): S3Target {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${requireKey(key)}` };
  }

  async #head(key: string): Promise<Head | null> {
    const asked = { ...this.#target(key), ChecksumMode: 'ENABLED' } as const;
    const answer = await orNull(
      this.#ask(
        (client, { HeadObjectCommand }) => client.send(new HeadObjectCommand(asked)),
        asked.Key,
      ),
    );
    if (answer === null) return null;
    const { ContentLength = 0, LastModified, ChecksumSHA256: sum = '' } = answer;
    // The sum of one that came in parts is a sum of sums: `…-3`.
    const checksum = sum === '' || sum.includes('-') ? null : sum;
    return { bytes: ContentLength, usedAt: LastModified?.getTime() ?? 0, checksum };
  }

  /** Only what is written has another time: a copy onto itself, or the bytes anew where the server does nothing for that. */
  async #touch(key: string, { usedAt }: Head): Promise<boolean> {
    if (Date.now() - usedAt < this.#renewedMs) return true;
    const target = this.#target(key);
    const copy = {
      ...{ ...target, CopySource: `${target.Bucket}/${target.Key}` },
      ...{ MetadataDirective: 'REPLACE' as const, Metadata: { used: new Date().toISOString() } },
    };
    const copied = await orNull(
      this.#ask(
        (client, { CopyObjectCommand }) => client.send(new CopyObjectCommand(copy)),
        copy.Key,
      ),
    );
    if (copied === null) return false;
    const now = await this.#head(key);
    if (now === null || now.usedAt > usedAt) return now !== null;
    const bytes = await this.get(key);
    if (bytes !== null) await this.put(key, bytes);
    return bytes !== null;
  }
}

/** @param tell Throws what an error means. */
async function* toldBytes(
  stream: Readable,
  tell: (error: unknown) => Promise<never>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    await tell(error);
  }
}

async function orNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  return answer.catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw error;
  });
}

/** Parts of uploads that nobody will complete. Not every server lists them: then a rule of the bucket has to. */
async function abortAbandoned(ask: AskS3, Bucket: string, Prefix: string): Promise<void> {
  const { Uploads = [] } = await ask((client, { ListMultipartUploadsCommand }) =>
    client.send(new ListMultipartUploadsCommand({ Bucket, Prefix })),
  ).catch(() => ({ Uploads: [] }));
  for (const { Key, UploadId, Initiated } of Uploads) {
    if (Initiated === undefined || Date.now() - Initiated.getTime() < ABANDONED_MS) continue;
    await ask((client, { AbortMultipartUploadCommand }) =>
      client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })),
    ).catch(() => {});
  }
}
