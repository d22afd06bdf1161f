/** @file What is below a prefix of a bucket. */
import type { S3Address } from '@plumbline/contracts';
import type { ListedObject } from './object-store.ts';
import type { AskS3 } from './s3-client.ts';

/** @param place.start Of the keys, after the prefix, which they are given without. */
export async function* listObjects(
  ask: AskS3,
  { bucket, prefix, start = '', pageSize }: S3Address & { start?: string; pageSize?: number },
): AsyncGenerator<readonly ListedObject[]> {
  let ContinuationToken: string | undefined;
  do {
    const asked = {
      ...{ Bucket: bucket, Prefix: `${prefix}${start}`, ContinuationToken },
      ...(pageSize === undefined ? {} : { MaxKeys: pageSize }),
    };
    const page = await ask((client, { ListObjectsV2Command }) =>
      client.send(new ListObjectsV2Command(asked)),
    );
    yield (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
      key: Key.slice(prefix.length),
      bytes: Size,
      usedAt: LastModified?.getTime() ?? 0,
    }));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}
