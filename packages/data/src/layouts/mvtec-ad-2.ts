/** @file MVTec AD 2: test images with ground truth in `test_public`; those of `test_private*` have none and are left out. */
import { placeImage } from './mvtec.ts';
import { treeLayout } from './tree-layout.ts';

export const mvtecAd2Layout = treeLayout({
  name: 'mvtec-ad-2',
  title: 'MVTec AD 2',
  expected: [
    '<category>/train/good/000_regular.png',
    '<category>/validation/good/000_regular.png                         normal, trained with too',
    '<category>/test_public/good/000_regular.png',
    '<category>/test_public/bad/000_regular.png',
    '<category>/test_public/ground_truth/bad/000_regular_mask.png',
    '<category>/test_private/…, test_private_mixed/…                    left out: they have no ground truth',
  ].join('\n'),
  parts: ['train', 'validation', 'test_public', 'test_private', 'test_private_mixed'],
  trainFolder: 'train/good',
  testFolder: (type) => `test_public/${type}`,
  fits: (folders) =>
    ['test_public', 'test_private', 'test_private_mixed'].some((part) => folders.has(part)),
  place(inside, file) {
    const [part, folder, type, name] = inside;
    if (part?.startsWith('test_private')) return { is: 'unlabeled' };
    if (part === 'test_public' && folder === 'ground_truth') {
      if (inside.length !== 4 || type === undefined || name === undefined) return null;
      return { is: 'mask', folder: type, name };
    }
    if (inside.length !== 3 || folder === undefined) return null;
    return placeImage(part === 'test_public' ? 'test' : part, folder, file);
  },
});
