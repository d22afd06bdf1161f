import { describe, expect, it } from 'vitest';
import { checkDraft, problemOf, type TrainingDraft } from './training-draft.ts';

const draft: TrainingDraft = {
  dataset: 'parts',
  method: 'patchcore',
  preset: 'quick',
  backbone: 'standard',
  imageSizePx: '',
  seed: '0',
  model: '',
  decoder: false,
};

describe('checkDraft', () => {
  it.each(['-3', '1.5', '', 'x', '99999999999'])('says at the seed that %j is none', (seed) => {
    const { input, problems } = checkDraft({ ...draft, seed }, undefined);
    expect(input).toBeNull();
    expect([...problems]).toEqual([['seed', 'Give a whole number from 0 to 2147483647.']]);
  });

  it('gives the image size to every method and RLR’s settings to RLR alone', () => {
    const rlr = { layers: 3 };
    const sent = checkDraft({ ...draft, imageSizePx: '512', decoder: true }, rlr).input;
    expect(sent).toMatchObject({ method: 'patchcore', imageSizePx: 512 });
    expect(sent).not.toHaveProperty('rlr');
    expect(sent).not.toHaveProperty('decoder');
    expect(checkDraft({ ...draft, method: 'rlr' }, rlr).input).toMatchObject({ rlr });
  });

  it('names every field at fault', () => {
    const { problems } = checkDraft({ ...draft, seed: '-1', model: 'Not OK' }, undefined);
    expect([...problems.keys()].sort()).toEqual(['model', 'seed']);
  });
});

describe('problemOf', () => {
  const error = { code: 'INVALID_INPUT' as const, message: 'No.', fix: 'Do.', file: null };

  it('puts the API’s refusal at its field', () => {
    expect([...problemOf({ ...error, field: 'backbone' })]).toEqual([['backbone', 'No. Do.']]);
    expect([...problemOf({ ...error, field: 'featureTaps' })]).toEqual([
      ['imageSizePx', 'No. Do.'],
    ]);
    expect(problemOf({ ...error, field: null }).size).toBe(0);
  });
});
