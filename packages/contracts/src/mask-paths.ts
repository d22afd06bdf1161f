/** @file Which files of a folder are masks of others by their names, where images are inspected and no layout is asked. */

/** Folders that hold masks and nothing else. */
const MASK_FOLDER = /^(ground[-_ ]?truth|gt)$/i;
/** Folders that hold masks unless they are a product of that name, with splits or normal images in it. */
const MAY_BE_PRODUCT = /^(masks?|maskbilder|masken)$/i;
const OF_A_PRODUCT = /^(train(ing)?|test|good|ok|normal|images?)$/i;
/** Of a mask beside its image: `7_mask.png`, `7_GT.png`, `7_label.bmp`. */
const BESIDE = /[-_. ](mask|gt|label|ground[-_]?truth)$/i;
const EXTENSION = /\.[^./]+$/;

/**
 * @param paths All of them, below the folder that was given, with `/`.
 * @returns Those that are masks.
 */
export function maskPaths(paths: Iterable<string>): Set<string> {
  const all = [...paths];
  const stems = new Set(all.map((path) => path.replace(EXTENSION, '')));
  return new Set(all.filter((path) => isInMaskFolder(path) || isBesideItsImage(path, stems)));
}

function isInMaskFolder(path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  return folders.some((folder, at) => {
    if (MASK_FOLDER.test(folder)) return true;
    return (
      MAY_BE_PRODUCT.test(folder) &&
      !folders.slice(at + 1).some((below) => OF_A_PRODUCT.test(below))
    );
  });
}

function isBesideItsImage(path: string, stems: ReadonlySet<string>): boolean {
  const stem = path.replace(EXTENSION, '');
  const image = stem.replace(BESIDE, '');
  return image !== stem && stems.has(image);
}
