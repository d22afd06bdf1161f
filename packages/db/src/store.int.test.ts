import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from './index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

let root: string;
let server: TestDatabase;
let database: Database;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumbline-store-'));
  server = await createTestDatabase();
  database = await openDatabase(server.url);
});

afterAll(async () => {
  await database?.close();
  await server?.stop();
  await rm(root, { recursive: true, force: true });
});

it('binds a database to the first store, and refuses another, a copy and a store that is gone', async () => {
  const first = join(root, 'first');
  const second = join(root, 'second');
  await Promise.all([1, 2, 3, 4].map(() => database.store.claim(first)));
  await database.store.claim(first);
  await database.store.check(first);

  await expect(database.store.claim(second)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(`belongs to the blob store .* in ${first} on ${hostname()}`),
    fix: expect.stringMatching(/PLUMBLINE_HOME.*DATABASE_URL/),
  });
  await expect(database.store.check(second)).rejects.toMatchObject({ code: 'UNAVAILABLE' });

  const copy = join(root, 'copy');
  await cp(first, copy, { recursive: true });
  await expect(database.store.claim(copy)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/copy is a copy of the blob store/),
  });
  await database.store.claim(first);

  // Moved, it is the same; a copy whose database came along is so too.
  const moved = join(root, 'moved');
  await rename(first, moved);
  await database.store.claim(moved);
  await database.store.claim(copy, true);
  await database.store.claim(copy);

  await writeFile(join(moved, 'store-id'), 'another\n');
  await expect(database.store.claim(moved, true)).rejects.toMatchObject({ code: 'CONFLICT' });
});
