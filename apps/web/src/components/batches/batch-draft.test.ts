import { expect, it } from 'vitest';
import { type BatchChoice, batchInput, datasetSource, firstDraft, isReady } from './batch-draft.ts';

const choice: BatchChoice = {
  models: [
    { name: 'parts', promotedVersion: 1, dataset: 'nuts' },
    { name: 'others', promotedVersion: null, dataset: 'bolts' },
  ],
  datasets: ['bolts', 'nuts'],
  model: 'parts',
  version: 3,
};

it('begins with the test images of the model’s own dataset', () => {
  const draft = firstDraft(choice);
  expect(isReady(draft)).toBe(true);
  expect(datasetSource(draft)).toEqual({ kind: 'dataset', name: 'nuts', split: 'test' });
  expect(datasetSource({ ...draft, split: '', category: 'hex' })).toEqual({
    ...{ kind: 'dataset', name: 'nuts', category: 'hex' },
  });
  expect(isReady({ ...draft, kind: 'upload' })).toBe(false);
  expect(isReady(firstDraft({ ...choice, datasets: [] }))).toBe(false);
});

it('asks for the version of the address of its model alone, else for the promoted one', () => {
  const draft = firstDraft(choice);
  const source = datasetSource(draft);
  expect(batchInput(draft, choice, source)).toEqual({
    ...{ model: 'parts', version: 3, regions: false, source },
  });
  expect(batchInput({ ...draft, model: 'others' }, choice, source)).not.toHaveProperty('version');
  expect(batchInput(draft, { ...choice, version: null }, source)).not.toHaveProperty('version');
});
