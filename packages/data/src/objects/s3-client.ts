/** @file The client of an S3 server, loaded with the first request: who stores in a folder doesn't pay for it. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Access } from '@plumbline/contracts';
import { type S3Place, type S3Purpose, STORE_PURPOSE, s3Failure } from './s3-failure.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

/**
 * Sends one request, made of the library's commands.
 * @param key Of the object that it is about, for messages; otherwise they name the prefix
 * @throws DomainError that says what to do, where something can be done.
 */
export type AskS3 = <Answer>(
  ask: (client: S3Client, sdk: Sdk) => Promise<Answer>,
  key?: string,
) => Promise<Answer>;

/** For servers of one's own, which have none. */
const ANY_REGION = 'us-east-1';
const CONNECT_MS = 5_000;
/** Without a byte. */
const SILENT_MS = 60_000;
const ATTEMPTS = 4;

export function s3Client(place: S3Place, purpose: S3Purpose = STORE_PURPOSE): AskS3 {
  let opened: Promise<{ client: S3Client; sdk: Sdk }> | undefined;
  return async (ask, key = place.prefix) => {
    opened ??= open(place);
    try {
      const { client, sdk } = await opened;
      return await ask(client, sdk);
    } catch (error) {
      throw s3Failure(error, { ...place, prefix: key }, purpose);
    }
  };
}

async function open({ endpoint, region }: S3Access): Promise<{ client: S3Client; sdk: Sdk }> {
  const sdk = await import('@aws-sdk/client-s3');
  const known = region ?? (endpoint === null ? null : ANY_REGION);
  const client = new sdk.S3Client({
    // Other servers rarely have a host name per bucket.
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    ...(known === null ? {} : { region: known }),
    // We send SHA-256 ourselves; other sums are not known to every server.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENT_MS },
  });
  return { client, sdk };
}
