import { describe, expect, it } from 'vitest';
import { startTrainingInput } from './training-input.ts';

const refusal = (input: object) => {
  const [issue] = startTrainingInput.safeParse({ dataset: 'd', ...input }).error?.issues ?? [];
  return [issue?.path.join('.'), issue?.message];
};

describe('settings of a training run', () => {
  it('are those of the chosen method', () => {
    const settings = { layers: 3, widths: { 16: 64 } };
    expect(startTrainingInput.parse({ dataset: 'd', method: 'rlr', settings }).settings).toEqual(
      settings,
    );
    expect(startTrainingInput.parse({ dataset: 'd' })).not.toHaveProperty('settings');
  });

  it('are refused by name, saying whose they are', () => {
    expect(refusal({ method: 'rlr', settings: { bankMax: 4 } })).toEqual([
      'settings.bankMax',
      expect.stringMatching(
        /^RLR has no setting "bankMax"\. RLR has imageSizePx, .*levelWeights\. It is a setting of PatchCore\.$/,
      ),
    ]);
    expect(refusal({ settings: { colour: 1 } })[1]).toMatch(/^Retrieval has no .*bankMb/);
    expect(refusal({ method: 'patchcore', settings: { bankMax: 0 } })).toEqual([
      'settings.bankMax',
      'Give a whole number from 1 to 200000 (patches).',
    ]);
    expect(refusal({ settings: [] })[0]).toBe('settings');
    expect(refusal({ method: 'padim', decoder: true })[1]).toMatch(/choose rlr\.$/);
  });
});

/** As rows of before have them. */
describe('a stored input with settings under the method’s name', () => {
  const stored = { dataset: 'parts', preset: 'quick', backbone: 'standard', seed: 0 };

  it.each([
    [
      { method: 'rlr', rlr: { layers: 2, strides: [16] } },
      { layers: 2, strides: [16] },
    ],
    [{ method: 'rlr', rlr: { imageSizePx: 512 } }, { imageSizePx: 512 }],
    [
      { method: 'rlr', rlr: { heads: 4 }, imageSizePx: 128 },
      { heads: 4, imageSizePx: 128 },
    ],
    [{ method: 'patchcore', patchcore: { bankMax: 9 } }, { bankMax: 9 }],
    [
      { method: 'padim', padim: { channels: 9 }, imageSizePx: 64 },
      { channels: 9, imageSizePx: 64 },
    ],
  ])('is read as it was meant: %j', (old, settings) => {
    const input = startTrainingInput.parse({ ...stored, ...old });
    expect(input).toEqual({ ...stored, method: old.method, settings });
    expect(startTrainingInput.parse(input)).toEqual(input);
  });

  it('is of the method whose settings it has where it names none', () => {
    const { method, settings } = startTrainingInput.parse({ ...stored, patchcore: { bankMax: 9 } });
    expect({ method, settings }).toEqual({ method: 'patchcore', settings: { bankMax: 9 } });
  });

  it('is read where it has none', () => {
    const input = { ...stored, method: 'rlr' };
    expect(startTrainingInput.parse(input)).toEqual(input);
  });

  it('is refused with another method’s, with one that is none, and with two image sizes', () => {
    expect(refusal({ method: 'patchcore', rlr: { layers: 2 } })).toEqual([
      'rlr',
      expect.stringMatching(/settings of RLR\. PatchCore has imageSizePx/),
    ]);
    expect(refusal({ method: 'rlr', rlr: 3 })[0]).toBe('settings');
    expect(refusal({ method: 'rlr', rlr: { imageSizePx: 64 }, imageSizePx: 128 })).toEqual([
      'imageSizePx',
      'It is given twice: 64 and 128.',
    ]);
  });
});
