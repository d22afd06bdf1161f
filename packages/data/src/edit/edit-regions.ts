/** @file What changes make of a dataset version's ignore regions. */
import {
  assertIgnoreRegions,
  type CategoryRegions,
  type DatasetChange,
  type DatasetManifest,
  DomainError,
  type Sample,
} from '@plumbline/contracts';
import { compareText } from '../store/canonical-json.ts';

/** What a change adds: samples, and regions of the dataset or the files that they come from. */
export type AddedManifests = ReadonlyMap<
  DatasetChange,
  Pick<DatasetManifest, 'samples' | 'ignore'>
>;

/**
 * Regions that come with added images count for categories that are new here.
 *
 * @param samples After the changes: regions go with the last image of their category
 * @returns Undefined where nothing is ignored
 * @throws DomainError INVALID_INPUT for a category without images, and as `assertIgnoreRegions`
 */
export function editRegions(
  before: DatasetManifest,
  changes: readonly DatasetChange[],
  added: AddedManifests,
  samples: readonly Sample[],
): CategoryRegions[] | undefined {
  const known = new Set(before.samples.map(({ category }) => category));
  const left = new Set(samples.map(({ category }) => category));
  const regions = new Map(before.ignore?.map((one) => [one.category, one]));
  for (const change of changes) {
    for (const one of added.get(change)?.ignore ?? [])
      if (!known.has(one.category) && !regions.has(one.category)) regions.set(one.category, one);
    if (change.kind !== 'setIgnore') continue;
    const { category, polygons } = change;
    if (!left.has(category)) throw unknownCategory(category, left);
    assertIgnoreRegions({ category, polygons });
    if (polygons.length === 0) regions.delete(category);
    else regions.set(category, { category, polygons });
  }
  const all = [...regions.values()]
    .filter(({ category }) => left.has(category))
    .sort((a, b) => compareText(a.category, b.category));
  return all.length === 0 ? undefined : all;
}

function unknownCategory(category: string, known: ReadonlySet<string>): DomainError {
  return new DomainError('INVALID_INPUT', `The dataset has no category "${category}".`, {
    field: 'category',
    fix: `Use one of ${[...known].sort(compareText).join(', ')}.`,
  });
}
