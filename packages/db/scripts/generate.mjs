/**
 * @file Generates the Prisma client. Prisma's command wants its schema engine, a download that generating does not use;
 * pointing it at an executable that exists makes it go on without one. Turbo knows when there is nothing to do.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const schema = join(folder, 'prisma', 'schema.prisma');

const require = createRequire(import.meta.url);
const prisma = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
const env = {
  ...process.env,
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
};
const result = spawnSync(process.execPath, [prisma, 'generate', `--schema=${schema}`], {
  cwd: folder,
  env,
  encoding: 'utf8',
});
if (result.status !== 0) {
  console.error(result.stdout + result.stderr);
  process.exitCode = 1;
}
