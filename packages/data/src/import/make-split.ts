/** @file Puts normal images that come without a split into training and test: by the hash of their bytes, or of their group. */
import { createHash } from 'node:crypto';
import { DomainError, type MadeSplit, type Sample, type SplitRule } from '@plumbline/contracts';
import { compareText } from '../store/canonical-json.ts';
import type { CheckedSample, UnsplitSample } from './check-samples.ts';
import { groupsByPattern } from './group-by-pattern.ts';

type Unsplit = CheckedSample<UnsplitSample>;

export interface SplitSamples {
  readonly checked: readonly CheckedSample[];
  /** Null where the layout said of every image which split it is in. */
  readonly split: MadeSplit | null;
}

/**
 * Of each category the groups that come first by their hash are tested with, as many as come nearest to the share of its
 * images; neither side stays empty while there are two groups. Byte-identical images stay on one side, and the choice does
 * not depend on names or order where there are no groups.
 * @param rule What was asked for; else `fallback`, the layout's own share
 * @throws DomainError INVALID_INPUT for a rule where nothing is to be split, or whose pattern misses an image
 */
export function makeSplit(
  checked: readonly Unsplit[],
  rule: SplitRule | undefined,
  fallback = 0,
): SplitSamples {
  const open = checked.filter(({ sample }) => sample.split === null);
  if (open.length === 0) {
    if (rule !== undefined) throw alreadySplit();
    return { checked: checked.map((one) => withSplit(one, 'train')), split: null };
  }
  const { testShare, groupBy } = rule ?? { testShare: fallback };
  const groups = groupsOf(open, groupBy);
  const tested = new Set<string>();
  for (const [category, own] of byCategory(open, groups))
    for (const group of chosen(category, own, testShare)) tested.add(`${category}/${group}`);
  const isTested = (one: Unsplit): boolean =>
    tested.has(`${one.sample.category}/${groups.get(one)}`);
  return {
    checked: checked.map((one) => withSplit(one, isTested(one) ? 'test' : 'train')),
    split: {
      ...{ testShare, isDefault: rule === undefined },
      ...(groupBy === undefined ? {} : { groupBy }),
      ...countsOf(open, groups, isTested),
    },
  };
}

function withSplit(one: Unsplit, open: Sample['split']): CheckedSample {
  const { group: _, split, ...sample } = one.sample;
  return { ...one, sample: { ...sample, split: split ?? open } };
}

/** By image: what stays on one side. */
function groupsOf(open: readonly Unsplit[], pattern: string | undefined): Map<Unsplit, string> {
  const matched =
    pattern === undefined
      ? null
      : groupsByPattern(
          open.map(({ sample }) => sample.path),
          pattern,
        );
  return new Map(
    open.map((one, index) => [
      one,
      matched?.[index] ?? one.sample.group ?? one.sample.image.sha256,
    ]),
  );
}

/** Images of each group, by category. */
function byCategory(
  open: readonly Unsplit[],
  groups: ReadonlyMap<Unsplit, string>,
): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const one of open) {
    const { category } = one.sample;
    const group = groups.get(one) ?? '';
    const own = found.get(category) ?? new Map<string, number>();
    found.set(category, own.set(group, (own.get(group) ?? 0) + 1));
  }
  return found;
}

function chosen(
  category: string,
  groups: ReadonlyMap<string, number>,
  testShare: number,
): string[] {
  const ordered = [...groups]
    .map(([group, images]) => ({ group, images, key: keyOf(category, group) }))
    .sort((a, b) => compareText(a.key, b.key));
  const total = ordered.reduce((sum, { images }) => sum + images, 0);
  const picked: string[] = [];
  let images = 0;
  if (testShare === 0) return picked;
  for (const next of ordered.slice(0, -1)) {
    const wanted = testShare * total;
    // The group more only if that comes nearer to the share.
    if (picked.length > 0 && images + next.images - wanted > wanted - images) break;
    picked.push(next.group);
    images += next.images;
    if (images >= wanted) break;
  }
  return picked;
}

function keyOf(category: string, group: string): string {
  return createHash('sha256').update(`${category}/${group}`).digest('hex');
}

function countsOf(
  open: readonly Unsplit[],
  groups: ReadonlyMap<Unsplit, string>,
  isTested: (one: Unsplit) => boolean,
): Pick<MadeSplit, 'train' | 'test' | 'groups'> {
  const test = open.filter(isTested);
  const train = open.filter((one) => !isTested(one));
  const different = (some: readonly Unsplit[]) =>
    new Set(some.map((one) => `${one.sample.category}/${groups.get(one)}`)).size;
  const isGrouped = open.some((one) => groups.get(one) !== one.sample.image.sha256);
  return {
    ...{ train: train.length, test: test.length },
    ...(isGrouped ? { groups: { train: different(train), test: different(test) } } : {}),
  };
}

function alreadySplit(): DomainError {
  return new DomainError(
    'INVALID_INPUT',
    'You asked for a split, but the dataset says of every normal image whether it is trained or tested with.',
    { field: 'split', fix: 'Import without --split and --group-by.' },
  );
}
