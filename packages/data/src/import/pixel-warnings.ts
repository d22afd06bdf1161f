/** @file What an import says of pixels: images of few levels, masks that were cut, read otherwise, or are very small. */
import {
  countSmallMasks,
  type DatasetImportOptions,
  type ImportWarning,
  keepsMasks,
  MIN_MASK_PIXELS,
} from '@plumbline/contracts';
import type { CheckedMask } from './check-masks.ts';
import type { CheckedSample } from './check-samples.ts';
import { MIN_LEVELS } from './first-look.ts';
import { count, listed } from './report-words.ts';

/** Side at which small masks are counted: that of most presets. */
const USUAL_SIZE_PX = 256;
/** Small masks that a report keeps, and the share from which a mask is not small at any size that is trained with. */
const KEPT_MASKS = 200;
const SMALL_SHARE = 0.001;
const HALF = 0.5;

export function pixelWarnings(
  category: string,
  checked: readonly CheckedSample[],
  told: DatasetImportOptions,
): ImportWarning[] {
  const masks = checked.flatMap(({ mask }) => mask ?? []);
  return [
    ...levelWarnings(category, checked),
    ...transparentWarnings(category, checked),
    ...cutWarnings(category, masks),
    ...groundWarnings(category, masks),
    ...toldWarnings(category, masks, told),
    ...smallWarnings(category, masks),
  ];
}

/** For the report of a category. */
export function smallMaskShares(checked: readonly CheckedSample[]): number[] {
  const shares = checked.flatMap(({ mask }) => mask?.share ?? []);
  return shares
    .filter((share) => share > 0 && share < SMALL_SHARE)
    .sort((a, b) => a - b)
    .slice(0, KEPT_MASKS);
}

function levelWarnings(category: string, checked: readonly CheckedSample[]): ImportWarning[] {
  const few = checked.filter(({ levels }) => levels < MIN_LEVELS);
  if (few.length === 0) return [];
  const isDeep = few.some(({ sample }) => sample.range !== undefined);
  const fix = isDeep
    ? 'If the files have more levels, import with the range of values that they use: --range LOW..HIGH.'
    : 'Check that they are photographs, not masks, and not saved with too few bits.';
  const files = listed(few.map(({ imageFile }) => imageFile));
  const message = `${category}: ${count(few.length, 'image')} with fewer than ${MIN_LEVELS} different levels (${files}): they contain little to learn from. ${fix}`;
  return [{ code: 'FEW_LEVELS', category, message }];
}

function transparentWarnings(category: string, checked: readonly CheckedSample[]): ImportWarning[] {
  const found = checked.filter(({ isTransparent }) => isTransparent);
  if (found.length === 0) return [];
  const files = listed(found.map(({ imageFile }) => imageFile));
  const message = `${category}: ${count(found.length, 'image')} with transparent pixels (${files}), which are read as black. If the alpha channel is no transparency, save the images without it.`;
  return [{ code: 'TRANSPARENT', category, message }];
}

function groundWarnings(category: string, masks: readonly CheckedMask[]): ImportWarning[] {
  const found = masks.filter(({ rule }) => rule?.ground !== undefined);
  if (found.length === 0) return [];
  const files = listed(found.map(({ file }) => file));
  const message = `${category}: ${count(found.length, 'mask')} of colors without black (${files}): what most of each is, is read as its ground.`;
  return [{ code: 'MASKS_CUT', category, message }];
}

function cutWarnings(category: string, masks: readonly CheckedMask[]): ImportWarning[] {
  const cut = masks.filter(({ levels }) => levels === 'cut');
  const kinds = masks.filter(({ levels }) => levels === 'kinds');
  const warnings: ImportWarning[] = [];
  if (cut.length > 0) {
    const files = listed(cut.map(({ file }) => file));
    const message = `${category}: ${count(cut.length, 'mask')} with more than two levels (${files}), as JPEG and smoothing produce them: cut at the middle.`;
    warnings.push({ code: 'MASKS_CUT', category, message });
  }
  if (kinds.length > 0) {
    const files = listed(kinds.map(({ file }) => file));
    const message = `${category}: ${count(kinds.length, 'mask')} with a level or color for each kind of defect (${files}): everything except the ground is anomalous.`;
    warnings.push({ code: 'MASKS_CUT', category, message });
  }
  return warnings;
}

function toldWarnings(
  category: string,
  masks: readonly CheckedMask[],
  { masks: told }: DatasetImportOptions,
): ImportWarning[] {
  const warn = (message: string): ImportWarning[] => [{ code: 'MASKS_TOLD', category, message }];
  if (masks.length === 0 || told === undefined) return [];
  if (told === 'inverted')
    return warn(`${category}: masks mark what is normal, as you said (inverted).`);
  const large = masks.filter(({ share }) => share > HALF);
  if (large.length === 0) return [];
  return warn(
    `${category}: ${count(large.length, 'mask')} of more than half of the image (${listed(large.map(({ file }) => file))}), as you said (as-is).`,
  );
}

function smallWarnings(category: string, masks: readonly CheckedMask[]): ImportWarning[] {
  const shares = masks.map(({ share }) => share);
  const small = masks.filter(
    ({ share }) => countSmallMasks([share], { imageSizePx: USUAL_SIZE_PX }) > 0,
  );
  if (small.length === 0) return [];
  const kept = keepsMasks(shares, { imageSizePx: USUAL_SIZE_PX });
  const fix =
    kept === null ? 'Neither image size nor tiles keep all of them.' : `Train with ${kept}.`;
  const message = `${category}: ${count(small.length, 'mask')} of fewer than ${MIN_MASK_PIXELS} pixels with images of ${USUAL_SIZE_PX} (${listed(small.map(({ file }) => file))}): such small defects are hardly visible. ${fix}`;
  return [{ code: 'SMALL_MASKS', category, message }];
}
