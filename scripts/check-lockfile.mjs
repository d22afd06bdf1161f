/**
 * @file Checks that the lockfile holds every optional package of every dependency, so that `npm ci` works on Linux,
 * macOS and Windows alike: npm silently drops those that a registry lacks.
 */
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const packages = Object.entries(lock.packages);
const names = new Set(
  packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
);

const missing = packages.flatMap(([path, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !names.has(name))
    .map((name) => `${path || 'the root'} wants ${name}`),
);
const addresses = packages
  .filter(([, entry]) => /^https?:/.test(entry.resolved ?? ''))
  .map(([path]) => path);

for (const line of missing) console.error(`package-lock.json is incomplete: ${line}.`);
for (const path of addresses.slice(0, 3))
  console.error(`package-lock.json names a registry's host: ${path}.`);
if (missing.length + addresses.length > 0) {
  console.error(
    'Pin versions whose platform packages all exist, delete package-lock.json and run npm install.',
  );
  process.exitCode = 1;
}
