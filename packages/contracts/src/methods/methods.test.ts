/** @file Every method's definition: its fields can be drawn, its presets are settings, its refusals name the field. */
import { describe, expect, it } from 'vitest';
import {
  describeValue,
  METHODS,
  methodDefinition,
  PRESETS,
  readSetting,
  type SettingField,
  settingProblems,
  settingsDocument,
  writeSetting,
} from './index.ts';

const fieldOf = (method: (typeof METHODS)[number], name: string): SettingField =>
  methodDefinition(method).fields.find((field) => field.name === name) as SettingField;

describe.each(METHODS)('the definition of %s', (name) => {
  const method = methodDefinition(name);

  it('has a field with a label and a group for every setting, the image size among them', () => {
    expect(method.fields.map((field) => field.name)).toEqual(Object.keys(method.settings.shape));
    for (const { label, group } of method.fields) expect(label && group).toBeTruthy();
    expect(method.fields[0]).toMatchObject({ name: 'imageSizePx', basic: true, unit: 'px' });
  });

  it.each(PRESETS)('has a preset %s whose values its own settings accept', (preset) => {
    const values = Object.entries(method.presets[preset]).filter(([key]) =>
      method.fields.some((field) => field.name === key),
    );
    expect(settingProblems(method, Object.fromEntries(values))).toEqual([]);
    expect(method.resolve(preset)).toEqual(method.presets[preset]);
    const { preprocessing } = method.needs(method.resolve(preset, { imageSizePx: 512 }));
    expect(preprocessing.imageSizePx).toBe(512);
  });

  it('reads back what it writes', () => {
    for (const field of method.fields) {
      const value = (method.presets.paper as Record<string, unknown>)[field.name];
      if (value !== undefined) expect(readSetting(field, writeSetting(value))).toEqual(value);
    }
  });

  it('is documented without the words that only forms use', () => {
    const document = JSON.stringify(settingsDocument(method));
    expect(document).toContain('"title":"Image size (px)"');
    expect(document).not.toMatch(/"group"|"basic"|"before"|\$schema/);
  });
});

describe('settings in words', () => {
  it.each([
    ['rlr', 'layers', 'a whole number from 1 to 12'],
    ['rlr', 'learningRate', 'a number above 0'],
    ['rlr', 'earlyStopping', 'true or false'],
    ['rlr', 'blocks', 'some of mca, ca, msa, nsa, sa, each once'],
    [
      'rlr',
      'widths',
      'a whole number from 1 to 2048, a multiple of 4, for some of 8, 16, 24, 28, 32, 48, 56, 64, as in 16=4',
    ],
    ['patchcore', 'imageSizePx', 'one of 64, 128, 224, 256, 384, 448, 512 (px)'],
    ['patchcore', 'bankShare', 'a number above 0 up to 1'],
    ['patchcore', 'channels', 'a whole number from 1 to 8192, or none'],
  ] as const)('%s: %s is %s', (method, name, words) => {
    expect(describeValue(fieldOf(method, name))).toBe(words);
  });

  it.each([
    ['rlr', 'layers', ' 3 ', 3],
    ['rlr', 'learningRate', '1e-3', 0.001],
    ['rlr', 'earlyStopping', 'no', false],
    ['rlr', 'gate', 'net', 'net'],
    ['rlr', 'blocks', 'mca nsa', ['mca', 'nsa']],
    ['rlr', 'strides', '16', [16]],
    ['rlr', 'steps', '16: 640, 32=64', { 16: 640, 32: 64 }],
    ['patchcore', 'channels', 'none', null],
    ['patchcore', 'imageSizePx', '512', 512],
  ] as const)('%s: %s of %j', (method, name, text, value) => {
    expect(readSetting(fieldOf(method, name), text)).toEqual(value);
  });

  it.each([
    ['layers', 'many'],
    ['layers', '0'],
    ['strides', '3'],
    ['strides', ''],
    ['blocks', 'mca, mca'],
    ['widths', '16'],
    ['widths', '7: 64'],
    ['learningRate', '-1'],
    ['earlyStopping', 'perhaps'],
  ] as const)('name the field at fault and what it may be: %s “%s”', (name, text) => {
    const given = { [name]: readSetting(fieldOf('rlr', name), text) };
    const [problem, ...others] = settingProblems(methodDefinition('rlr'), given);
    expect(others).toEqual([]);
    expect(problem?.path[0]).toBe(name);
    expect(problem?.message).toMatch(/^(Give|Name)/);
    expect(() => methodDefinition('rlr').resolve('quick', given)).toThrow(
      expect.objectContaining({ field: expect.stringMatching(`^settings\\.${name}`) }),
    );
  });
});

it('retrieval refuses a bank without room for an image', () => {
  const method = methodDefinition('retrieval');
  const levels = [{ tap: 'a', grid: 64, channels: 128 }];
  const check = (bankMb: number) =>
    method.assertLevels?.(method.resolve('quick', { bankMb }), levels, {
      ...{ preset: 'quick', given: { bankMb } },
    });
  expect(() => check(1)).toThrow(
    expect.objectContaining({
      field: 'settings.bankMb',
      message: expect.stringContaining('at least 2'),
    }),
  );
  expect(() => check(2)).not.toThrow();
});

it('PaDiM refuses Gaussians of each category that are narrower than their factors can say', () => {
  const method = methodDefinition('padim');
  const levels = [{ tap: 'a', grid: 16, channels: 128 }];
  const check = (given: object) => () =>
    method.assertLevels?.(method.resolve('quick', { ...given }), levels, {
      ...{ preset: 'quick', given: { ...given } },
    });
  expect(check({ regularization: 1e-10 })).toThrow(
    expect.objectContaining({
      field: 'settings.regularization',
      message: expect.stringContaining('gaussians=shared'),
    }),
  );
  expect(check({ regularization: 1e-4 })).not.toThrow();
  expect(check({ regularization: 1e-10, gaussians: 'shared' })).not.toThrow();
});

describe('UniAD', () => {
  const method = methodDefinition('uniad');
  const check = (given: object, grids: readonly number[]) =>
    method.assertLevels?.(
      method.resolve('paper', { ...given }),
      grids.map((grid) => ({ tap: `${grid}`, grid, channels: 64 })),
      { preset: 'paper', given: { ...given } },
    );

  it.each([
    [{}, [28, 14]],
    [{}, [8]],
    [{ neighborMask: 5 }, [6]],
    [{ neighborMask: 0 }, [2]],
    [{ grid: 'finest' }, [16, 4]],
    [{ grid: 'coarsest', neighborMask: 3 }, [16, 4]],
  ])('with %j takes grids of %j', (given, grids) => {
    expect(() => check(given, grids)).not.toThrow();
  });

  it.each([
    [{}, [7], 'at most 5'],
    [{}, [16, 4], 'at most 3'],
    [{ neighborMask: 11 }, [8], 'at most 7'],
    [{ neighborMask: 3 }, [2], 'Give 0'],
  ])(
    'with %j refuses grids of %j, where a patch in the middle would see nothing',
    (given, grids, words) => {
      expect(() => check(given, grids)).toThrow(
        expect.objectContaining({
          field: 'settings.neighborMask',
          message: expect.stringContaining(words),
        }),
      );
    },
  );

  it('refuses a width that its heads don’t divide', () => {
    expect(() => check({ width: 100 }, [14])).toThrow(
      expect.objectContaining({ field: 'settings.width' }),
    );
  });
});

describe('what a fit needs', () => {
  it.each([
    ['patchcore', { strides: [4, 8] }, { input: { strides: [4, 8], averagePool: true } }],
    ['patchcore', { neighborhood: 'unfold' }, { input: { strides: [8, 16], averagePool: false } }],
    ['retrieval', { averagePool: false }, { labels: 'none', input: { averagePool: false } }],
    ['padim', { strides: [16, 32] }, { input: { strides: [16, 32], averagePool: true } }],
    ['padim', { averagePool: false }, { input: { averagePool: false } }],
    [
      'rlr',
      { averagePool: false, levelWeights: 'equal' },
      { input: { averagePool: false }, heldOut: false },
    ],
  ] as const)('%s with %j', (name, given, needs) => {
    const method = methodDefinition(name);
    expect(method.needs(method.resolve('quick', given))).toMatchObject(needs);
  });
});
