/** @file One folder of images and nothing else: all of them are taken as normal. */
import { AnnotatedEntries } from './annotated.ts';
import { checkCategoryName, folderOf } from './file-names.ts';
import { commonFolder, finished, imagesIn } from './flat-entries.ts';
import { categoryIn } from './folder-root.ts';
import type { Layout, LayoutSource } from './layout.ts';
import { noteTakenAsNormal } from './notes.ts';
import { rejectLabels } from './reject-labels.ts';
import { rejectMasks } from './reject-masks.ts';

export const flatLayout: Layout = {
  name: 'flat',
  title: 'One folder of normal images',
  expected: '001.png    normal images, all in one folder; --split 0.2 tests with some of them',
  testShare: 0,
  advice: { markedNormal: 'Remove the mask.' },
  recognize: async (source) => {
    const images = imagesIn(source);
    return new Set(images.map(folderOf)).size === 1;
  },
  toEntries: async (source) => readFlat(source),
};

async function readFlat(source: LayoutSource) {
  const images = imagesIn(source);
  rejectMasks(images, {
    why: 'some images are anomalous, and nothing says which',
    fix: 'Put normal images into a folder good, anomalous ones into a folder bad, or say in a mapping what is what.',
  });
  await rejectLabels(images, source);
  const root = commonFolder(images);
  const category = categoryIn(source, root);
  checkCategoryName(category, images[0] ?? source.name);
  const found = new AnnotatedEntries();
  for (const imageFile of images)
    found.add({ imageFile, category, split: null, defectType: null, mask: null });
  const notes = noteTakenAsNormal(images, 'lie in one folder, with nothing that labels them,');
  return finished({ root, entries: found.entries(root), notes }, source, new Set());
}
