/** @file From what lies in the folders to a mapping, and what is wrong with one. */
import type { SourceSurvey } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { categoryFolders, checkMapping, type MappingDraft, mappingDraft } from './mapping-draft.ts';

const SURVEY: SourceSurvey = {
  folders: [
    { path: 'bolt/Muster', images: 9, examples: ['1.png'] },
    { path: 'bolt/Riss', images: 3, examples: ['1.png'] },
    { path: 'bolt/Riss/Masken', images: 3, examples: ['1.png'] },
  ],
  proposal: {
    category: 'parts',
    folders: [
      { path: 'bolt/Muster', is: 'ignore' },
      { path: 'bolt/Riss/*', is: 'ignore' },
      { path: 'bolt/Riss/Masken', is: 'masks' },
    ],
  },
};

it('begins with what was proposed, and asks for training images', () => {
  const draft = mappingDraft(SURVEY);
  expect(draft.folders.map(({ path, is }) => [path, is])).toEqual(
    SURVEY.proposal.folders.map(({ path, is }) => [path, is]),
  );
  expect(checkMapping(draft)).toEqual({
    mapping: null,
    problem: expect.stringContaining('normal images to train with'),
  });
});

it('says what was chosen, and leaves out what no longer counts', () => {
  const draft = mappingDraft(SURVEY);
  const said: MappingDraft = {
    ...{ ...draft, categoryFolder: '1' },
    folders: draft.folders.map((folder, index) => ({
      ...folder,
      is: (['train-normal', 'test-anomalous', 'masks'] as const)[index] ?? 'ignore',
      defectType: 'crack',
      maskName: index === 2 ? '{name}_seg' : 'left over',
    })),
  };
  expect(categoryFolders(said)).toEqual([
    { number: 1, names: ['bolt'] },
    { number: 2, names: ['Muster', 'Riss'] },
  ]);
  expect(checkMapping(said).mapping).toEqual({
    category: { folder: 1 },
    folders: [
      { path: 'bolt/Muster', is: 'train-normal' },
      { path: 'bolt/Riss/*', is: 'test-anomalous', defectType: 'crack' },
      { path: 'bolt/Riss/Masken', is: 'masks', name: '{name}_seg' },
    ],
  });
  const again = mappingDraft(SURVEY, checkMapping(said).mapping ?? undefined);
  expect(checkMapping(again)).toEqual(checkMapping(said));
  const folders = said.folders.map((folder) => ({ ...folder, maskName: 'seg' }));
  expect(checkMapping({ ...said, folders }).problem).toContain('bolt/Riss/Masken: Write {name}');
});
