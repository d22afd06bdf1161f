/**
 * @file Writes a migration: the difference between the schema as it was last migrated (`migrations/.snapshot.prisma`)
 * and as it is. Needs neither a database nor a download. Usage: node scripts/author-migration.mjs <name>
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

const require = createRequire(import.meta.url);
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'prisma');
const snapshot = join(folder, 'migrations', '.snapshot.prisma');
const name = process.argv[2];
if (!/^[a-z0-9_]+$/.test(name ?? ''))
  throw new Error('Usage: node scripts/author-migration.mjs <name in snake_case>');

const wasm = new WebAssembly.Instance(
  new WebAssembly.Module(
    readFileSync(
      join(
        dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg')),
        'schema_engine_bg.wasm',
      ),
    ),
  ),
  { './schema_engine_bg.js': bindings },
);
bindings.__wbg_set_wasm(wasm.exports);
wasm.exports.__wbindgen_start?.();

const path = 'schema.prisma';
const content = readFileSync(join(folder, path), 'utf8');
/** The engine asks for a connection and for the server's version at its start; comparing two schemas needs no more. */
const connection = {
  provider: 'postgres',
  adapterName: 'none',
  queryRaw: async () => ({
    columnNames: ['version', 'numeric_version'],
    columnTypes: [ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
    rows: [['PostgreSQL 18.0', 180000]],
  }),
  executeRaw: async () => 0,
  executeScript: async () => {},
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
  dispose: async () => {},
};
const adapter = {
  provider: 'postgres',
  adapterName: 'none',
  connect: async () => connection,
  connectToShadowDb: async () => connection,
};
const engine = await bindings.SchemaEngine.new(
  { datamodels: [[path, content]] },
  () => {},
  bindMigrationAwareSqlAdapterFactory(adapter),
);
const previous = existsSync(snapshot)
  ? { tag: 'schemaDatamodel', files: [{ path, content: readFileSync(snapshot, 'utf8') }] }
  : { tag: 'empty' };
const difference = await engine.diff({
  from: previous,
  to: { tag: 'schemaDatamodel', files: [{ path, content }] },
  script: true,
  exitCode: true,
  filters: { externalTables: [], externalEnums: [] },
  shadowDatabaseUrl: null,
});
if (difference.exitCode === 2) {
  const migration = `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`;
  mkdirSync(join(folder, 'migrations', migration), { recursive: true });
  writeFileSync(join(folder, 'migrations', migration, 'migration.sql'), difference.stdout);
  writeFileSync(join(folder, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
  writeFileSync(snapshot, content);
  console.log(`Wrote prisma/migrations/${migration}/migration.sql`);
} else {
  console.log('The schema has not changed.');
}
process.exit(0);
