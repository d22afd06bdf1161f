/** @file What names and places of files tell, whatever the layout. */
import { DomainError, defectTypeSchema } from '@plumbline/contracts';
import { compareText } from '../store/canonical-json.ts';
import type { LayoutSource } from './layout.ts';

const IMAGE_EXTENSION =
  /\.(png|jpe?g|jfif|webp|bmp|tiff?|gif|avif|heic|heif|jp2|jxl|ppm|pgm|svg)$/i;

/** Whether a name claims to be an image; what it really is only decoding tells. */
export function claimsToBeImage(path: string): boolean {
  return IMAGE_EXTENSION.test(path);
}

/** Names of files and folders, in lower case, that systems, network drives and programs leave behind. */
const LITTER = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'icon\r',
  '__macosx',
  '@eadir',
  '@recycle',
  '@recently-snapshot',
  '#recycle',
  '#snapshot',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '__pycache__',
]);

/** Files that nobody put there: hidden ones, `Thumbs.db`, `__MACOSX`, `@eaDir`. */
export function isSystemFile(path: string): boolean {
  return path
    .split('/')
    .some((segment) => segment.startsWith('.') || LITTER.has(segment.toLowerCase()));
}

/** A path or name without its extension. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./]+$/, '');
}

/** Letters, digits and marks of any script; what tables, URLs and file systems read otherwise is left out. */
const CATEGORY_NAME = /^[\p{L}\p{N}_-](?:[\p{L}\p{M}\p{N} ._()+&-]*[\p{L}\p{M}\p{N}_()+&-])?$/u;
/** Characters: names of folders end at 255 bytes, and tables are narrower. */
const CATEGORY_LENGTH = 80;
/**
 * Folders of normal images by every other habit and in other languages: as defect types they would turn all that is
 * measured around.
 */
const MEANS_NORMAL =
  /^(good|ok|okay|o\.k\.?|normals?|nominal|pass|passed|clean|healthy|gut|gute|gutteile?|io|i\.?o\.?|in[-_ ]?ordnung|fehlerfrei|bon|bonne|bons|conforme|sain|bueno|buenos|buena|buono|buoni|bom|goed|dobre|dobry|норма|хорошо|годен|годные|正常|良好|良品|合格|合格品|無欠陥|정상|양품|(no|non|not|without|ohne|sans|sin)[-_ ]?(defects?|defective|anomal(y|ies|ous)|fehler|defekte?|défauts?|defectos?)|(defect|anomaly|fault)[-_ ]?free)$/iu;

export function meansNormal(folder: string): boolean {
  return MEANS_NORMAL.test(folder.normalize('NFC').trim());
}

/** What folders and labels of anomalous images are called, where they name no type. */
const MEANS_ANOMALOUS =
  /^(anomal(y|ous|ies)|abnormal|defect(ive)?|defects|bad|ng|n\.?i\.?o\.?|nok|not ok|ko|fail(ed)?|fault(y)?|reject(ed)?|schlecht|fehler)$/i;

export function meansAnomalous(name: string): boolean {
  return MEANS_ANOMALOUS.test(name.normalize('NFC').trim());
}

/** JSON readers drop or refuse this key, so nothing that is counted by name could carry it. */
const RESERVED_NAME = '__proto__';

export function checkCategoryName(category: string, file: string): void {
  const isUsable = CATEGORY_NAME.test(category) && category.length <= CATEGORY_LENGTH;
  if (isUsable && category !== RESERVED_NAME) return;
  throw new DomainError('INVALID_INPUT', `"${category}" cannot be the name of a category.`, {
    fix: `Rename the folder: at most ${CATEGORY_LENGTH} letters and digits of any language, spaces, ".", "_", "-", "+", "&" and parentheses, beginning with a letter or digit and not "${RESERVED_NAME}".`,
    file,
  });
}

/** As changes of a dataset name them. */
export function checkDefectType(defectType: string, file: string): void {
  if (defectTypeSchema.safeParse(defectType).success) return;
  throw new DomainError('INVALID_INPUT', `"${defectType}" cannot be the name of a defect type.`, {
    fix: `Rename the folder or label: at most 100 characters without "/" and "\\", not beginning with ".", not "${RESERVED_NAME}" and not "good", which is what normal images are called.`,
    file,
  });
}

/** Folders and words that mean masks, in English and German. */
const MEANS_MASKS =
  /^(masks?|ground[-_ ]?truth|gt|labels?|annotations?|seg(mentation)?s?|maskbilder|masken)$/i;

export function meansMasks(folder: string): boolean {
  return MEANS_MASKS.test(folder.normalize('NFC').trim());
}

/**
 * The outermost of the folders in which a layout was found ('' is the source itself): archives wrap datasets, often twice, and
 * documents lie beside. Null where there is none.
 * @throws DomainError INVALID_INPUT naming two that lie side by side
 */
export function outermostRoot(source: LayoutSource, folders: Iterable<string>): string | null {
  const sorted = [...new Set(folders)].sort((a, b) => depthOf(a) - depthOf(b) || compareText(a, b));
  const [first, second] = sorted;
  if (first === undefined) return null;
  if (second === undefined || depthOf(second) > depthOf(first)) return first;
  throw new DomainError(
    'INVALID_INPUT',
    `${source.name} holds more than one dataset: ${first} and ${second}.`,
    {
      fix: 'Import one of the folders, or put their categories into one folder.',
      file: second,
      field: 'source',
    },
  );
}

function depthOf(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length;
}

/** The path below a folder ('' is the source itself), or null outside. */
export function pathBelow(path: string, folder: string): string | null {
  if (folder === '') return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}

/** Of a path, the name of its file or folder. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** '' at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
