/** @file Removes bundles that no version has: of attempts that were lost, or published by another, and of what was deleted. */
import type { BundleStore } from '@plumbline/data';
import type { Database } from '@plumbline/db';
import { runOfName } from '../attempt-name.ts';

/** `<run>.<attempt>`, or a part of one. */
const BUNDLE = /^[0-9a-f-]{36}\.\d+(\.partial)?$/;

/** Whoever was downloading a bundle when its version was deleted gets to its end. */
const GRACE_MS = 3_600_000;

/**
 * @param of The run or import whose they are; all when absent.
 * @returns Names of the folders that were removed. Runs that go on, and what is no run of this database, keep theirs.
 */
export async function removeLeftBundles(
  { models }: Pick<Database, 'models'>,
  bundles: BundleStore,
  { of, graceMs = GRACE_MS }: { readonly of?: string; readonly graceMs?: number } = {},
): Promise<string[]> {
  const found = await bundles.list(of === undefined ? '' : `${of}.`);
  const names = found.filter((name) => BUNDLE.test(name));
  const left = await models.unpublished(
    names.map((name) => ({ name, origin: runOfName(name) })),
    graceMs,
  );
  for (const name of left) await bundles.remove(name);
  return left;
}
