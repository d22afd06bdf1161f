/**
 * @file Bytes on their way into a bucket, each request with their SHA-256, which the server checks. What is large goes in parts, and
 * is an object once all of them are there: neither way shows half of one.
 */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { AskS3 } from './s3-client.ts';

/** At least 5 MiB by the protocol, at most 10,000 parts per object. */
const PART_BYTES = 32 * 2 ** 20;

export interface S3Target {
  readonly Bucket: string;
  readonly Key: string;
}

export interface UploadOptions {
  readonly partBytes?: number | undefined;
}

export async function uploadBytes(
  ask: AskS3,
  target: S3Target,
  parts: readonly Uint8Array[],
  { partBytes = PART_BYTES }: UploadOptions = {},
): Promise<void> {
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (bytes > partBytes) return uploadParts(ask, target, chunksOf(parts, partBytes));
  const [only = new Uint8Array()] = parts;
  await putWhole(ask, target, parts.length < 2 ? only : Buffer.concat(parts));
}

export async function uploadFile(
  ask: AskS3,
  target: S3Target,
  path: string,
  { partBytes = PART_BYTES }: UploadOptions = {},
): Promise<void> {
  const { size } = await stat(path);
  const chunks = chunksOfFile(path, partBytes);
  if (size > partBytes) return uploadParts(ask, target, chunks);
  let whole: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) whole = chunk;
  await putWhole(ask, target, whole);
}

/** False where there is an object already. */
export async function putNew(ask: AskS3, target: S3Target, bytes: Uint8Array): Promise<boolean> {
  const plain = { ...target, Body: bytes };
  return ask(async (client, { PutObjectCommand, S3ServiceException }) => {
    try {
      await client.send(new PutObjectCommand({ ...plain, IfNoneMatch: '*' }));
      return true;
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : 0;
      if (status === 412 || status === 409) return false;
      // Not every server knows conditions.
      if (status === 501) return (await client.send(new PutObjectCommand(plain))) !== undefined;
      throw error;
    }
  });
}

export function base64Sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

async function putWhole(ask: AskS3, target: S3Target, bytes: Uint8Array): Promise<void> {
  const sent = { ...target, Body: bytes, ChecksumSHA256: base64Sha256(bytes) };
  await ask((client, { PutObjectCommand }) => client.send(new PutObjectCommand(sent)), sent.Key);
}

async function uploadParts(
  ask: AskS3,
  target: S3Target,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const { UploadId } = await ask(
    (client, { CreateMultipartUploadCommand }) =>
      client.send(new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256' })),
    target.Key,
  );
  try {
    const Parts: { PartNumber: number; ETag: string | undefined; ChecksumSHA256: string }[] = [];
    for await (const Body of chunks) {
      const part = { PartNumber: Parts.length + 1, ChecksumSHA256: base64Sha256(Body) };
      const { ETag } = await ask(
        (client, { UploadPartCommand }) =>
          client.send(new UploadPartCommand({ ...target, UploadId, Body, ...part })),
        target.Key,
      );
      Parts.push({ ...part, ETag });
    }
    const MultipartUpload = { Parts };
    await ask(
      (client, { CompleteMultipartUploadCommand }) =>
        client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload })),
      target.Key,
    );
  } catch (error) {
    // Otherwise the parts stay, unseen and paid for, until `tidy` finds them.
    await ask((client, { AbortMultipartUploadCommand }) =>
      client.send(new AbortMultipartUploadCommand({ ...target, UploadId })),
    ).catch(() => {});
    throw error;
  }
}

/** Of equal size but for the last; at most one is copied together at a time. */
function* chunksOf(parts: readonly Uint8Array[], size: number): Generator<Uint8Array> {
  let chunk = Buffer.allocUnsafe(size);
  let filled = 0;
  for (const part of parts) {
    for (let from = 0; from < part.byteLength; ) {
      const piece = part.subarray(from, from + size - filled);
      chunk.set(piece, filled);
      filled += piece.byteLength;
      from += piece.byteLength;
      if (filled < size) continue;
      yield chunk;
      chunk = Buffer.allocUnsafe(size);
      filled = 0;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

async function* chunksOfFile(path: string, size: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(size);
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await file.read(chunk, filled, size - filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      if (filled > 0) yield chunk.subarray(0, filled);
      if (filled < size) return;
    }
  } finally {
    await file.close();
  }
}
