/** @file What two versions of a dataset differ in, image by image. */
import {
  type DatasetDiff,
  type DatasetManifest,
  type diffDatasetInput,
  MAX_DIFF_SAMPLES,
  polygonsOf,
  type Sample,
} from '@plumbline/contracts';
import type { z } from 'zod';
import type { Context } from '../context.ts';

/** @throws DomainError NOT_FOUND */
export async function diffDataset(
  { database: { datasets } }: Pick<Context, 'database'>,
  { name, from, to }: z.infer<typeof diffDatasetInput>,
): Promise<DatasetDiff> {
  const [before, after] = await Promise.all([
    datasets.manifest(name, from),
    datasets.manifest(name, to),
  ]);
  const alike = await datasets.versionsWithTestSetOf(name, from);
  const { added, removed, changed, same } = diffSamples(
    before.manifest.samples,
    after.manifest.samples,
  );
  return {
    from: before.datasetVersion,
    to: after.datasetVersion,
    sameTestSet: alike.includes(after.datasetVersion),
    counts: { added: added.length, removed: removed.length, changed: changed.length, same },
    added: added.slice(0, MAX_DIFF_SAMPLES),
    removed: removed.slice(0, MAX_DIFF_SAMPLES),
    changed: changed.slice(0, MAX_DIFF_SAMPLES),
    ignore: diffRegions(before.manifest, after.manifest),
  };
}

function diffRegions(before: DatasetManifest, after: DatasetManifest): DatasetDiff['ignore'] {
  const named = [...(before.ignore ?? []), ...(after.ignore ?? [])].map(({ category }) => category);
  return [...new Set(named)].sort().flatMap((category) => {
    const [from, to] = [before, after].map(({ ignore }) => [...polygonsOf(ignore, category)]);
    const isSame = JSON.stringify(from) === JSON.stringify(to);
    return isSame ? [] : [{ category, from: from ?? [], to: to ?? [] }];
  });
}

/** An image is the same by its category and bytes; of several alike, the ones of equal paths belong together first. */
function diffSamples(before: readonly Sample[], after: readonly Sample[]) {
  const keyOf = ({ category, image }: Sample) => `${category}/${image.sha256}`;
  const left = new Map<string, Sample[]>();
  for (const sample of before)
    left.set(keyOf(sample), [...(left.get(keyOf(sample)) ?? []), sample]);
  const take = (sample: Sample, pick: (one: Sample) => boolean): Sample | null => {
    const own = left.get(keyOf(sample)) ?? [];
    const at = own.findIndex(pick);
    return at < 0 ? null : (own.splice(at, 1)[0] ?? null);
  };
  const pairs = after.map((to) => ({ from: take(to, ({ path }) => path === to.path), to }));
  const added: Sample[] = [];
  const changed: { from: Sample; to: Sample }[] = [];
  let same = 0;
  for (const { from: known, to } of pairs) {
    const from = known ?? take(to, () => true);
    if (from === null) added.push(to);
    else if (JSON.stringify(from) === JSON.stringify(to)) same++;
    else changed.push({ from, to });
  }
  return { added, removed: [...left.values()].flat(), changed, same };
}
