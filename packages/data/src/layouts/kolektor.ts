/** @file KolektorSDD and KolektorSDD2: every image has a label image beside it, and is defective where that marks anything. */
import { DomainError } from '@plumbline/contracts';
import { decodeMask } from '../images/mask.ts';
import { isSystemFile } from './file-names.ts';
import { commonFolder, finished, imagesIn, samplePath } from './flat-entries.ts';
import type { Layout, LayoutEntry, LayoutSource } from './layout.ts';
import { fileMask } from './mask-source.ts';
import { noteLeftOut } from './notes.ts';

const DEFECT_TYPE = 'defect';

interface KolektorRules extends Pick<Layout, 'name' | 'title' | 'expected'> {
  readonly image: RegExp;
  readonly label: RegExp;
  readonly category: string;
  /** Of images and labels in the same folder. */
  labelOf(stem: string): string;
  split(image: RegExpExecArray): 'train' | 'test' | null;
  group?(image: RegExpExecArray): string;
}

const sdd: KolektorRules = {
  name: 'kolektor-sdd',
  title: 'KolektorSDD',
  expected: [
    'kos01/Part0.jpg          images of one part in a folder; its normal ones stay on one side of the split, which is made',
    'kos01/Part0_label.bmp    its label: not black is defective',
  ].join('\n'),
  image: /(?:^|\/)(kos\d+)\/(Part\d+)\.(?:jpe?g|png|bmp)$/i,
  label: /(?:^|\/)kos\d+\/Part\d+_label\.(?:bmp|png)$/i,
  category: 'kolektorsdd',
  labelOf: (stem) => `${stem}_label`,
  split: () => null,
  group: (image) => (image[1] ?? '').toLowerCase(),
};

const sdd2: KolektorRules = {
  name: 'kolektor-sdd2',
  title: 'KolektorSDD2',
  expected: [
    'train/10000.png       defective ones are left out of training',
    'train/10000_GT.png    the label of each image: not black is defective',
    'test/20000.png',
    'test/20000_GT.png',
  ].join('\n'),
  image: /(?:^|\/)(train|test)\/(\d+)\.png$/i,
  label: /(?:^|\/)(?:train|test)\/\d+_GT\.png$/i,
  category: 'kolektorsdd2',
  labelOf: (stem) => `${stem}_GT`,
  split: (image) => (image[1]?.toLowerCase() === 'test' ? 'test' : 'train'),
};

/** Of normal images: the datasets have no split for learning from them alone. */
const TEST_SHARE = 0.2;

export const kolektorSddLayout = kolektorLayout(sdd);
export const kolektorSdd2Layout = kolektorLayout(sdd2);

function kolektorLayout(rules: KolektorRules): Layout {
  const { name, title, expected } = rules;
  return {
    ...{ name, title, expected },
    ...(rules.split === sdd.split ? { testShare: TEST_SHARE } : {}),
    ownMasks: true,
    advice: { markedNormal: 'Its label marks pixels: it is defective.' },
    recognize: async ({ files }) =>
      files.some(({ path }) => !isSystemFile(path) && rules.label.test(path)),
    toEntries: (source) => readLabels(source, rules),
  };
}

async function readLabels(source: LayoutSource, rules: KolektorRules) {
  const all = imagesIn(source);
  const labels = new Map(
    all.filter((path) => rules.label.test(path)).map((path) => [stemKey(path), path]),
  );
  const found = all.flatMap((path) => {
    const image = rules.image.exec(path);
    return image === null ? [] : [{ path, image }];
  });
  const root = commonFolder(found.map(({ path }) => path));
  const entries: LayoutEntry[] = [];
  const leftOut: string[] = [];
  const used = new Set<string>();
  for (const { path, image } of found) {
    const label = labels.get(stemKey(rules.labelOf(path.replace(/\.[^.]+$/, ''))));
    if (label === undefined) throw unlabeled(path, rules);
    used.add(label);
    const isNormal = await marksNothing(source, label);
    const split = rules.split(image);
    if (!isNormal && split === 'train') {
      leftOut.push(path);
      continue;
    }
    const group = rules.group?.(image);
    entries.push({
      path: samplePath(rules.category, root, path),
      category: rules.category,
      split: isNormal ? split : 'test',
      ...(group === undefined ? {} : { group }),
      label: isNormal ? 'normal' : 'anomalous',
      defectType: isNormal ? null : DEFECT_TYPE,
      imageFile: path,
      mask: isNormal ? null : fileMask(label),
    });
  }
  const notes = noteLeftOut(leftOut, 'are defective and in train');
  return finished({ root, entries, notes }, source, new Set([...used, ...leftOut]));
}

async function marksNothing(source: LayoutSource, label: string): Promise<boolean> {
  const { data } = await decodeMask(await source.read(label), label);
  return data.every((value) => value === 0);
}

function unlabeled(path: string, { labelOf }: KolektorRules): DomainError {
  const label = labelOf(path.replace(/\.[^.]+$/, ''));
  return new DomainError('INVALID_INPUT', `${path} has no label (no ${label}.*).`, {
    fix: `Add ${label}, black where the image is normal throughout, or remove the image.`,
    file: path,
  });
}

function stemKey(path: string): string {
  return path.replace(/\.[^./]+$/, '').toLowerCase();
}
