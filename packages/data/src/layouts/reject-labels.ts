/** @file Labels beside images, where the layout takes all images as normal: files and names that say which of them are not. */
import { DomainError } from '@plumbline/contracts';
import { isSystemFile, lastPart, meansAnomalous, meansNormal, stemOf } from './file-names.ts';
import type { LayoutSource } from './layout.ts';

const FIX =
  'Put normal images into a folder good and anomalous ones into a folder bad, or say in a mapping what is what (“plumb datasets map”).';
/** Bytes of a file that labels one image. */
const MAX_LABEL_BYTES = 1024 ** 2;
/** Such files are alike: if none of so many labels anything, the others do not either. */
const MOST_READ = 2000;
/** A box or an outline by its class and numbers, as YOLO has it. */
const YOLO_LINE = /^\s*\d+(\s+-?\d*\.?\d+(e-?\d+)?){4,}\s*$/im;
const VOC_OBJECT = /<object\b/;

/**
 * @param images Paths in the source, all of them to be taken as normal
 * @throws DomainError INVALID_INPUT for a label that says otherwise
 */
export async function rejectLabels(images: readonly string[], source: LayoutSource): Promise<void> {
  const named = images.find((path) => isNamedAnomalous(nameOf(path)));
  if (named !== undefined) throw refusal(named, 'has a name that means a defect');
  const labels = await labelFileIn(images, source);
  if (labels !== null) throw refusal(labels, 'marks something on its image');
}

function refusal(file: string, what: string): DomainError {
  const why = 'not all images seem to be normal, and nothing else says which are';
  return new DomainError('INVALID_INPUT', `${file} ${what}: ${why}.`, {
    ...{ fix: FIX, file, field: 'mapping' },
  });
}

/** `ng_1` and `part-defect-07`, not `no_defect_1`. */
function isNamedAnomalous(name: string): boolean {
  const words = name.split(/[\s\d._()-]+/).filter((word) => word !== '');
  return words.some(
    (word, at) => meansAnomalous(word) && !meansNormal(`${words[at - 1] ?? ''} ${word}`),
  );
}

async function labelFileIn(images: readonly string[], source: LayoutSource) {
  const stems = new Set(images.map((path) => nameOf(path).toLowerCase()));
  const beside = source.files.filter(
    ({ path }) =>
      /\.(txt|xml)$/i.test(path) && !isSystemFile(path) && stems.has(nameOf(path).toLowerCase()),
  );
  for (const { path } of beside.slice(0, MOST_READ)) {
    const text = new TextDecoder().decode(await source.read(path, MAX_LABEL_BYTES));
    if ((/\.xml$/i.test(path) ? VOC_OBJECT : YOLO_LINE).test(text)) return path;
  }
  return null;
}

/** Without folders and extension. */
function nameOf(path: string): string {
  return stemOf(lastPart(path));
}
