/** @file What a prediction says, in sentences. */
import type { Prediction } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { categoryText, falseAlarmText, regionsText } from './verdict-texts.ts';

describe('falseAlarmText', () => {
  const text = (falseAlarmRate: number | null, heldOutImages: number) =>
    falseAlarmText({ category: 'bolt', falseAlarmRate, heldOutImages });

  it('names the images that the share rests on', () => {
    expect(text(0.1, 20)).toBe('2 of 20 held-out normal images score at least as high');
    expect(text(0.05, 20)).toBe('1 of 20 held-out normal images scores at least as high');
    expect(text(0, 20)).toBe('none of 20 held-out normal images score at least as high');
  });

  it('says that few say little, one least of all, and that none is no share', () => {
    expect(text(0.25, 4)).toMatch(/^1 of 4 .*that is too few to say much$/);
    expect(text(1, 1)).toBe(
      'the one held-out normal image scores at least as high; that is too few to say much',
    );
    expect(text(0, 1)).toBe(
      'the one held-out normal image scores lower; that is too few to say much',
    );
    expect(text(null, 0)).toMatch(/^undefined: no normal images of bolt were held out, so/);
  });
});

describe('categoryText', () => {
  const base = {
    category: 'bolt',
    categorySource: 'found',
    categoryConfidence: 0.92,
  } as Prediction;

  it('says whether the category was given or found, and how surely', () => {
    expect(categoryText(base)).toBe('bolt, found from the image with 92 % of the votes');
    expect(categoryText({ ...base, categoryConfidence: null })).toBe(
      'bolt, the only one that the model knows',
    );
    expect(categoryText({ ...base, categorySource: 'given' })).toBe('bolt, as you chose');
    expect(categoryText({ ...base, category: null, categorySource: 'given' })).toMatch(/^pooled/);
  });
});

describe('regionsText', () => {
  const region = (x: number) => ({
    ...{ box: { x, y: 20, width: 30, height: 40 }, area: 900, peak: { x, y: 21 }, score: 1.5 },
  });
  const text = (count: number) => regionsText(Array.from({ length: count }, (_, x) => region(x)));

  it('counts them and says where the strongest are', () => {
    expect(text(0)).toBe('none reaches the pixel threshold');
    expect(text(1)).toBe('1: 30 × 40 px at (0, 20)');
    expect(text(4)).toMatch(/^4: .* at \(2, 20\); and 1 more$/);
  });
});
