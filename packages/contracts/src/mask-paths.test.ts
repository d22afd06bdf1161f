import { expect, it } from 'vitest';
import { maskPaths } from './mask-paths.ts';

it.each([
  ['mvtec', ['bolt/test/scratch/0.png'], ['bolt/ground_truth/scratch/0_mask.png']],
  ['visa', ['pcb/Data/Images/Anomaly/0.JPG'], ['pcb/Data/Masks/Anomaly/0.png']],
  ['kolektor', ['kos01/Part0.jpg'], ['kos01/Part0_label.bmp']],
  ['kolektor 2', ['test/10000.png'], ['test/10000_GT.png']],
  ['real-iad', ['audiojack/NG/S1/a_1.jpg'], ['audiojack/NG/S1/a_1_mask.png']],
  ['loco', ['box/test/logical/0.png'], ['box/ground_truth/logical/0/0.png']],
  ['a product that is called so', ['masks/train/good/0.png', 'label/test/torn/1.png'], []],
  ['a name that only ends so', ['parts/front_label.png', 'gasket/1.png'], []],
])('%s', (_, images, masks) => {
  expect([...maskPaths([...images, ...masks])]).toEqual(masks);
});
