/** @file The MVTec layout: `<category>/train/good`, `<category>/test/<good|defect type>`, `<category>/ground_truth/<defect type>`. */
import { DomainError } from '@plumbline/contracts';
import { checkDefectType, meansNormal } from './file-names.ts';
import { type Place, treeLayout } from './tree-layout.ts';

const NORMAL_FOLDER = 'good';

export const mvtecLayout = treeLayout({
  name: 'mvtec',
  title: 'MVTec AD',
  expected: [
    '<category>/train/good/001.png                       normal images to learn from',
    '<category>/validation/good/001.png                  more of them (optional)',
    '<category>/test/good/001.png                        normal images to test with',
    '<category>/test/<defect type>/001.png               anomalous images',
    '<category>/ground_truth/<defect type>/001_mask.png  their masks (optional)',
  ].join('\n'),
  parts: ['train', 'test', 'ground_truth'],
  trainFolder: 'train/good',
  testFolder: (type) => `test/${type}`,
  fits: () => true,
  place: placeInMvtec,
});

/** The other name that a part has in some datasets. */
const VALIDATION = new Set(['validation', 'val', 'valid']);

function isValidation(part: string | undefined): boolean {
  return part !== undefined && VALIDATION.has(part);
}

/** @throws DomainError INVALID_INPUT for a folder that may be normal, and for training images that are not. */
function placeInMvtec(inside: readonly string[], file: string): Place | null {
  const [part, folder, name] = inside;
  if (inside.length !== 3 || folder === undefined || name === undefined) return null;
  if (part === 'ground_truth') return { is: 'mask', folder, name };
  return placeImage(part, folder, file);
}

/** @throws DomainError INVALID_INPUT for a folder other than the layout's own that means normal: as a defect type it would mislead. */
export function askWhetherNormal(folder: string, normal: string, file: string): void {
  if (folder === normal || !meansNormal(folder)) return;
  throw new DomainError('INVALID_INPUT', `${file} is in a folder "${folder}": is it normal?`, {
    fix: `Rename the folder to "${normal}", in lower case, if its images are normal; else name it after its defect.`,
    file,
  });
}

/** Of an image in `<part>/<folder>`. */
export function placeImage(part: string | undefined, folder: string, file: string): Place | null {
  askWhetherNormal(folder, NORMAL_FOLDER, file);
  const isNormal = folder === NORMAL_FOLDER;
  const trains = part === 'train' || isValidation(part);
  if (trains && !isNormal) {
    throw new DomainError('INVALID_INPUT', `${file} is a training image outside ${part}/good.`, {
      fix: `Training images must be normal: move it to ${part}/good, or to test/<defect type> if it has a defect. Or say in a mapping what each folder is (“plumb datasets map”).`,
      file,
      field: 'mapping',
    });
  }
  if (trains)
    return { is: 'image', split: 'train', label: 'normal', folder, isValidation: part !== 'train' };
  if (part !== 'test') return null;
  if (!isNormal) checkDefectType(folder, file);
  return { is: 'image', split: 'test', label: isNormal ? 'normal' : 'anomalous', folder };
}
