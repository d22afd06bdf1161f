import type { Sample } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { holdOut } from './hold-out.ts';
import { trainingWarnings } from './training-warnings.ts';

function samples(category: string, count: number, side = 64): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `${category}/train/good/${index}.png`,
    category,
    split: 'train',
    label: 'normal',
    defectType: null,
    image: {
      sha256: `${category}-${index}`.padEnd(64, '0'),
      bytes: 1,
      width: side,
      height: 64,
      format: 'png',
    },
    mask: null,
  }));
}

const warnings = (all: Sample[]) => trainingWarnings(holdOut(all, 0), 64);

it('says nothing about a category with enough images of enough pixels', () => {
  expect(warnings(samples('bolt', 8))).toEqual([]);
});

it('names the categories with few images and what their threshold rests on', () => {
  const found = warnings([...samples('bolt', 20), ...samples('nut', 3), ...samples('pin', 1)]);
  expect(found).toEqual([
    expect.stringMatching(/nut has only 3 .* 2 to train on.* 1 held-out image\./),
    expect.stringMatching(/pin has only 1 .* 1 to train on.*no threshold of its own/),
  ]);
});

it('names an image that is smaller than what the backbone sees', () => {
  expect(warnings(samples('bolt', 10, 20))).toEqual([
    expect.stringMatching(/^10 .*64×64.*bolt\/train\/good\/0\.png \(20×64\)/),
  ]);
});
