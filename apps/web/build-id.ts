/** @file What a build of the dashboard is named by: the sources it was made from. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Relative to the dashboard's folder: what decides the pages. */
const SOURCES = ['src', 'next.config.ts', 'package.json', '../../packages/contracts/src'];
const TEST = /\.test\.tsx?$/;

/**
 * Hash of the sources: the same for the same files, wherever the checkout is. A build has it in `.next/BUILD_ID`, so
 * that one of other sources is never served unnoticed.
 * @param webFolder Absolute path of the dashboard's workspace.
 */
export function sourcesHash(webFolder: string): string {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesOf(join(webFolder, source)))) {
    const bytes = readFileSync(file);
    hash.update(`${relative(webFolder, file).replaceAll('\\', '/')} ${bytes.byteLength}\n`);
    hash.update(bytes);
  }
  return hash.digest('hex').slice(0, 20);
}

/** Absolute paths, in an order that no file system decides. */
function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !TEST.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
