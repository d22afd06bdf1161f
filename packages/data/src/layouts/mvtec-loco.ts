/** @file MVTec LOCO AD: as MVTec AD, with a folder of masks for each anomalous image, one mask per anomaly; their union is its mask. */
import { placeImage } from './mvtec.ts';
import { treeLayout } from './tree-layout.ts';

export const mvtecLocoLayout = treeLayout({
  name: 'mvtec-loco',
  title: 'MVTec LOCO AD',
  expected: [
    '<category>/train/good/000.png',
    '<category>/validation/good/000.png                           normal, trained with too',
    '<category>/test/good/000.png',
    '<category>/test/logical_anomalies/000.png                    and structural_anomalies',
    '<category>/ground_truth/logical_anomalies/000/000.png        a folder of masks for each image; their union counts',
  ].join('\n'),
  parts: ['train', 'test', 'validation', 'ground_truth'],
  trainFolder: 'train/good',
  testFolder: (type) => `test/${type}`,
  fits: (folders) =>
    folders.has('test/logical_anomalies') || folders.has('test/structural_anomalies'),
  place(inside, file) {
    const [part, folder, name] = inside;
    if (folder === undefined || name === undefined) return null;
    if (part === 'ground_truth') {
      // 000/001.png is named for the image 000.png; 000.png is its only mask.
      const isPart = inside.length === 4;
      return isPart || inside.length === 3
        ? { is: 'mask', folder, name: isPart ? `${name}.png` : name, isPart }
        : null;
    }
    return inside.length === 3 ? placeImage(part, folder, file) : null;
  },
});
