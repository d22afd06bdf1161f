import { describe, expect, it } from 'vitest';
import type { CategorySummary } from './dataset.ts';
import { imageSizesOf, imageSizeWords } from './image-sizes.ts';

function summary(sides: readonly (readonly [number, number])[]): CategorySummary {
  const images = sides.map(([width, height]) => ({ width, height }));
  const [widths, heights] = [images.map((one) => one.width), images.map((one) => one.height)];
  return {
    ...{ name: 'bolt', train: 1, testNormal: 0, testAnomalous: 0, masks: 0, defectTypes: [] },
    ...{ minWidth: Math.min(...widths), maxWidth: Math.max(...widths) },
    ...{ minHeight: Math.min(...heights), maxHeight: Math.max(...heights) },
    sizes: imageSizesOf(images),
  };
}

describe('imageSizeWords', () => {
  it('names sizes that images have, never a width of one with the height of another', () => {
    expect(
      imageSizeWords(
        summary([
          [64, 48],
          [64, 48],
        ]),
      ),
    ).toBe('64 × 48');
    const turned = summary([
      [128, 1600],
      [1600, 128],
    ]);
    expect(imageSizeWords(turned)).toBe('2 sizes: 128 × 1600 and 1600 × 128');
    expect(
      imageSizeWords(
        summary([
          [900, 100],
          [100, 800],
          [200, 300],
          [900, 100],
        ]),
      ),
    ).toBe('3 sizes, 200 × 300 the smallest and 900 × 100 the largest');
  });

  it('says of versions of before how far each side goes', () => {
    const { sizes: _, ...before } = summary([
      [128, 1600],
      [1600, 128],
    ]);
    expect(imageSizeWords(before)).toBe('128 to 1600 wide, 128 to 1600 high');
    const { sizes: __, ...equal } = summary([
      [64, 48],
      [64, 96],
    ]);
    expect(imageSizeWords(equal)).toBe('64 wide, 48 to 96 high');
  });
});
