import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireGeneratedClient } from './generated-client.ts';

const SCHEMA = new URL('../prisma/schema.prisma', import.meta.url);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generated-client-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('takes the client of the schema that is here', async () => {
  await expect(requireGeneratedClient()).resolves.toBeUndefined();
});

it('refuses one whose schema has since got a column, and says what to run', async () => {
  const schema = join(folder, 'schema.prisma');
  const text = await readFile(SCHEMA, 'utf8');
  await writeFile(schema, text.replace('model Dataset {', 'model Dataset {\n  added Int?'));
  const client = new URL('./generated/prisma/internal/class.ts', import.meta.url);
  await expect(requireGeneratedClient({ schema, client })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    fix: 'Generate it with "npm run setup".',
  });
});
