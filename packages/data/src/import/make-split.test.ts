/** @file Splits that an import makes: as many images as asked for, groups and copies on one side, the same whatever the names. */
import { DomainError } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { sha256Of } from '../store/sha256.ts';
import type { CheckedSample, UnsplitSample } from './check-samples.ts';
import { groupsByPattern } from './group-by-pattern.ts';
import { makeSplit } from './make-split.ts';

function image(path: string, sha256 = sha256Of(Buffer.from(path))): CheckedSample<UnsplitSample> {
  return {
    sample: {
      ...{ path, category: path.split('/')[0] ?? '', split: null, label: 'normal' },
      ...{ defectType: null, mask: null },
      image: { sha256, bytes: 1, width: 1, height: 1, format: 'png' },
    },
    ...{ imageFile: path, mask: null, isTransparent: false, levels: 256, picture: null },
  };
}

const images = (category: string, count: number) =>
  Array.from({ length: count }, (_, i) => image(`${category}/lot${i % 7}/${i}.png`));

const testedOf = (checked: readonly CheckedSample[]) =>
  checked.filter(({ sample }) => sample.split === 'test').map(({ sample }) => sample.path);

it('a fifth of each category is tested with, more of them with more images, and the same in any order', () => {
  const all = [...images('bolt', 50), ...images('nut', 10)];
  const { checked, split } = makeSplit(all, { testShare: 0.2 });
  const tested = testedOf(checked);
  expect(tested.filter((path) => path.startsWith('bolt/'))).toHaveLength(10);
  expect(tested.filter((path) => path.startsWith('nut/'))).toHaveLength(2);
  expect(split).toEqual({ testShare: 0.2, isDefault: false, train: 48, test: 12 });
  const again = makeSplit([...all].reverse(), { testShare: 0.2 });
  expect(testedOf(again.checked).sort()).toEqual(tested.sort());
});

it('neither side stays empty, and with a share of 0 nothing is tested with', () => {
  const two = images('bolt', 2);
  for (const testShare of [0.01, 0.9])
    expect(testedOf(makeSplit(two, { testShare }).checked)).toHaveLength(1);
  expect(testedOf(makeSplit(two, { testShare: 0 }).checked)).toEqual([]);
  expect(testedOf(makeSplit(images('bolt', 1), { testShare: 0.5 }).checked)).toEqual([]);
});

it('byte-identical images stay on one side', () => {
  const same = sha256Of(Buffer.from('same'));
  const copies = Array.from({ length: 4 }, (_, i) => image(`bolt/copy${i}.png`, same));
  const { checked } = makeSplit([...copies, ...images('bolt', 12)], { testShare: 0.25 });
  const splits = new Set(checked.slice(0, 4).map(({ sample }) => sample.split));
  expect(splits.size).toBe(1);
});

it('groups stay on one side, and the counts say how many', () => {
  const rule = { testShare: 0.3, groupBy: '/(lot\\d)/' };
  const { checked, split } = makeSplit(images('bolt', 70), rule);
  const lots = new Map<string, Set<string>>();
  for (const { sample } of checked) {
    const lot = sample.path.split('/')[1] ?? '';
    lots.set(lot, (lots.get(lot) ?? new Set()).add(sample.split));
  }
  expect([...lots.values()].every((splits) => splits.size === 1)).toBe(true);
  expect(split).toEqual({
    ...{ ...rule, isDefault: false, train: 50, test: 20 },
    groups: { train: 5, test: 2 },
  });
});

describe('is refused', () => {
  const refusal = (run: () => unknown): DomainError => {
    try {
      run();
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
    throw new Error('It succeeded');
  };
  it.each([
    ['(', /is not a regular expression/],
    ['lot', /has no capture group/],
    ['(l)(o)', /has 2 capture groups/],
    ['(part\\d)', /finds no group in bolt\/lot0\/0\.png and 2 other paths/],
  ])('a pattern %s', (pattern, message) => {
    const paths = images('bolt', 3).map(({ sample }) => sample.path);
    expect(refusal(() => groupsByPattern(paths, pattern)).message).toMatch(message);
  });

  it('a pattern that backtracks without end, in bounded time', () => {
    const path = `bolt/${'a'.repeat(60)}!`;
    const found = refusal(() => groupsByPattern([path], '^bolt/((?:a+)+)$', 200));
    expect(found.message).toContain('takes too long');
  });

  it('a share where everything has its split', () => {
    const given = images('bolt', 3).map((one) => ({
      ...one,
      sample: { ...one.sample, split: 'train' as const },
    }));
    expect(refusal(() => makeSplit(given, { testShare: 0.2 })).field).toBe('split');
  });
});
