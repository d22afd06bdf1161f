/** @file BTAD (beanTech Anomaly Detection): the MVTec layout with `ok` and `ko`. */
import { checkDefectType } from './file-names.ts';
import { askWhetherNormal } from './mvtec.ts';
import { treeLayout } from './tree-layout.ts';

const NORMAL_FOLDER = 'ok';

export const btadLayout = treeLayout({
  name: 'btad',
  title: 'BTAD',
  expected: [
    '<category>/train/ok/0000.bmp',
    '<category>/test/ok/0000.bmp',
    '<category>/test/ko/0000.bmp',
    '<category>/ground_truth/ko/0000.png    masks (optional)',
  ].join('\n'),
  parts: ['train', 'test', 'ground_truth'],
  trainFolder: 'train/ok',
  testFolder: (type) => `test/${type === 'good' ? NORMAL_FOLDER : type}`,
  fits: (folders) =>
    (folders.has('train/ok') || (folders.has('test/ok') && folders.has('test/ko'))) &&
    !folders.has('train/good') &&
    !folders.has('test/good'),
  place(inside, file) {
    const [part, folder, name] = inside;
    if (inside.length !== 3 || folder === undefined || name === undefined) return null;
    if (part === 'ground_truth') return { is: 'mask', folder, name };
    askWhetherNormal(folder, NORMAL_FOLDER, file);
    const isNormal = folder === NORMAL_FOLDER;
    if (part === 'train')
      return isNormal ? { is: 'image', split: 'train', label: 'normal', folder } : null;
    if (part !== 'test') return null;
    if (!isNormal) checkDefectType(folder, file);
    return { is: 'image', split: 'test', label: isNormal ? 'normal' : 'anomalous', folder };
  },
});
