import { describe, expect, it } from 'vitest';
import { checkDraft, preparedImagesOf, problemOf, type TrainingDraft } from './training-draft.ts';

const draft: TrainingDraft = {
  dataset: 'parts',
  method: 'patchcore',
  preset: 'quick',
  backbone: 'standard',
  precision: 'float32',
  seed: '0',
  model: '',
  decoder: false,
  settings: {},
};

describe('checkDraft', () => {
  it.each(['-3', '1.5', '', 'x', '99999999999'])('says at the seed that %j is none', (seed) => {
    const { input, problems } = checkDraft({ ...draft, seed });
    expect(input).toBeNull();
    expect([...problems]).toEqual([['seed', 'Give a whole number from 0 to 2147483647.']]);
  });

  it('sends the settings of the chosen method, and the image size with every one', () => {
    const settings = { imageSizePx: '512', 'rlr.layers': '3', 'rlr.blocks': 'mca nsa' };
    const own = checkDraft({ ...draft, settings, decoder: true }).input;
    expect(own).toMatchObject({ method: 'patchcore', settings: { imageSizePx: 512 } });
    expect(own).not.toHaveProperty('decoder');
    expect(checkDraft({ ...draft, method: 'rlr', settings, decoder: true }).input).toMatchObject({
      settings: { imageSizePx: 512, layers: 3, blocks: ['mca', 'nsa'] },
      decoder: true,
    });
  });

  it('leaves to the preset what is empty', () => {
    const { input } = checkDraft({ ...draft, settings: { 'patchcore.bankMax': ' ' } });
    expect(input).not.toHaveProperty('settings');
  });

  it('says at a setting what it may be', () => {
    const { input, problems } = checkDraft({ ...draft, settings: { 'patchcore.bankShare': '2' } });
    expect(input).toBeNull();
    expect([...problems]).toEqual([['settings.bankShare', 'Give a number above 0 up to 1.']]);
  });

  it('names every field at fault', () => {
    const { problems } = checkDraft({ ...draft, seed: '-1', model: 'Not OK' });
    expect([...problems.keys()].sort()).toEqual(['model', 'seed']);
  });
});

describe('preparedImagesOf', () => {
  it('is that of the draft, or else of the preset, whatever else is wrong', () => {
    const settings = { imageSizePx: '512', 'patchcore.bankMax': 'many' };
    expect(preparedImagesOf({ ...draft, settings }).imageSizePx).toBe(512);
    expect(preparedImagesOf({ ...draft, preset: 'tiny' }).imageSizePx).toBe(128);
    const tiled = { 'patchcore.tileRows': '2', 'patchcore.tileColumns': '3' };
    const tiles = { rows: 2, columns: 3, overlapPx: 32 };
    expect(preparedImagesOf({ ...draft, settings: tiled }).tiles).toEqual(tiles);
    const many = { ...tiled, 'patchcore.tileColumns': 'many' };
    expect(preparedImagesOf({ ...draft, settings: many }).tiles).toBeUndefined();
  });
});

describe('problemOf', () => {
  const error = { code: 'INVALID_INPUT' as const, message: 'No.', fix: 'Do.', file: null };

  it('puts the API’s refusal at its field', () => {
    expect([...problemOf({ ...error, field: 'backbone' })]).toEqual([['backbone', 'No. Do.']]);
    expect([...problemOf({ ...error, field: 'featureTaps' })]).toEqual([
      ['settings.imageSizePx', 'No. Do.'],
    ]);
    expect([...problemOf({ ...error, field: 'settings.widths.16' }).keys()]).toEqual([
      'settings.widths',
    ]);
    expect(problemOf({ ...error, field: null }).size).toBe(0);
  });
});
