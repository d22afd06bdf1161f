/** @file What a prediction says, in sentences. */
import type { Prediction } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { categoryText, falseAlarmText } from './verdict-texts.ts';

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
    expect(categoryText({ ...base, categoryConfidence: null })).toBe('bolt, found from the image');
    expect(categoryText({ ...base, categorySource: 'given' })).toBe('bolt, as you chose');
    expect(categoryText({ ...base, category: null, categorySource: 'given' })).toMatch(/^pooled/);
  });
});
