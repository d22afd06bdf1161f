import { expect, test } from 'vitest';
import { ManifestCache } from './manifest-cache.ts';
import { madeUpManifest } from './testing/made-up-manifest.ts';

test('holds no more than it may, and gives what it does not hold all the same', async () => {
  const manifest = madeUpManifest('run');
  const size = JSON.stringify(manifest).length;
  const asked: string[][] = [];
  const findMany = async ({ where }: { where: { runId: { in: string[] } } }) => {
    asked.push(where.runId.in);
    return where.runId.in.map((runId) => ({ runId, manifest }));
  };
  const client = { modelVersion: { findMany } } as unknown as ConstructorParameters<
    typeof ManifestCache
  >[0];
  const cache = new ManifestCache(client, 4 * size);
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  expect([...(await cache.of(ids)).keys()]).toEqual(ids);
  await cache.of(['c', 'd', 'e', 'f']);
  await cache.of(['a', 'c']);
  expect(asked).toEqual([ids, ['a']]);
});
