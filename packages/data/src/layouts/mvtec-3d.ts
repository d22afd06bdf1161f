/** @file MVTec 3D-AD: its color images (`rgb`) and masks (`gt`); the depth maps (`xyz`) are left out. */
import { placeImage } from './mvtec.ts';
import { treeLayout } from './tree-layout.ts';

export const mvtec3dLayout = treeLayout({
  name: 'mvtec-3d',
  title: 'MVTec 3D-AD, color images',
  expected: [
    '<category>/train/good/rgb/000.png',
    '<category>/validation/good/rgb/000.png               normal, trained with too',
    '<category>/test/<good|defect type>/rgb/000.png',
    '<category>/test/<defect type>/gt/000.png             masks',
    '<category>/*/*/xyz/000.tiff                          depth, left out',
  ].join('\n'),
  parts: ['train', 'validation', 'test'],
  trainFolder: 'train/good/rgb',
  testFolder: (type) => `test/${type}/rgb`,
  fits: (folders) => folders.has('train/good/rgb') || folders.has('test/good/rgb'),
  place(inside, file) {
    const [part, folder, kind, name] = inside;
    if (inside.length !== 4 || folder === undefined || name === undefined) return null;
    if (kind === 'xyz') return { is: 'ignored' };
    if (kind === 'gt') return part === 'test' ? { is: 'mask', folder, name } : { is: 'ignored' };
    return kind === 'rgb' ? placeImage(part, folder, file) : null;
  },
});
