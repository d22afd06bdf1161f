/** @file Real-IAD: images in folders, and a JSON for each category that says what each is. Labels come from there: normal views lie under NG too. */
import { DomainError } from '@plumbline/contracts';
import { z } from 'zod';
import { checkCategoryName, checkDefectType, isSystemFile } from './file-names.ts';
import { FileFinder } from './find-file.ts';
import { commonFolder, finished, imagesIn } from './flat-entries.ts';
import type { Layout, LayoutEntry, LayoutSource } from './layout.ts';
import { fileMask } from './mask-source.ts';
import { noteLeftOut } from './notes.ts';
import { readJson } from './read-json.ts';

const sampleSchema = z.object({
  category: z.string(),
  anomaly_class: z.string(),
  image_path: z.string().min(1),
  mask_path: z.string().nullish(),
});
const tableSchema = z.object({
  meta: z.object({ prefix: z.string().default(''), normal_class: z.string().default('OK') }),
  train: z.array(sampleSchema),
  test: z.array(sampleSchema),
});

/** Names of the defects behind the codes in its paths. */
const DEFECTS: Readonly<Record<string, string>> = {
  AK: 'pit',
  BX: 'deformation',
  CH: 'abrasion',
  HS: 'scratch',
  PS: 'damage',
  QS: 'missing parts',
  YW: 'foreign objects',
  ZW: 'contamination',
};
const TABLE = /(^|\/)(realiad_jsons[^/]*)\/[^/]+\.json$/;
const IMAGES = /(^|\/)realiad_(256|512|1024|raw)\//;
/** Of the folders, the largest first. */
const RESOLUTIONS = ['raw', '1024', '512', '256'];
/** The standard benchmark, where several splits are there. */
const STANDARD = 'realiad_jsons';

export const realIadLayout: Layout = {
  name: 'real-iad',
  title: 'Real-IAD',
  expected: [
    'realiad_jsons/<category>.json                            one table for each category; realiad_jsons_sv and others work too',
    'realiad_1024/<category>/OK/S0001/….jpg                   images, as the tables name them; 256, 512 and raw work too',
    'realiad_1024/<category>/NG/<code>/S0001/….jpg, ….png     anomalous images and their masks',
  ].join('\n'),
  advice: {
    markedNormal: 'Set its anomaly_class in the table of its category, or remove its mask_path.',
  },
  recognize: async ({ files }) =>
    files.some(({ path }) => TABLE.test(path) || (IMAGES.test(path) && /\/(OK|NG)\//.test(path))),
  toEntries: readRealIad,
};

async function readRealIad(source: LayoutSource) {
  const tables = tablesOf(source);
  const smaller = otherResolutions(source);
  const files = source.files.filter(({ path }) => !smaller.has(path));
  const finder = new FileFinder({ ...source, files });
  const entries: LayoutEntry[] = [];
  const leftOut: string[] = [];
  for (const table of tables) {
    const { meta, train, test } = await readJson(source, table, tableSchema);
    for (const [split, samples] of [['train', train] as const, ['test', test] as const]) {
      for (const [index, sample] of samples.entries()) {
        const where = `${table}, ${split} ${index}`;
        const entry = toEntry({ sample, meta, split, table, where }, finder);
        if (split === 'train' && entry.label === 'anomalous') leftOut.push(entry.imageFile);
        else entries.push(entry);
      }
    }
  }
  const root = commonFolder([...tables, ...entries.map(({ imageFile }) => imageFile)]);
  // What its noisy splits train with is anomalous and known to be.
  const notes = [
    ...noteLeftOut(leftOut, 'are anomalous and in train'),
    ...noteLeftOut([...smaller], 'are of a smaller resolution than others beside them'),
  ];
  return finished({ root, entries, notes }, source, new Set([...tables, ...smaller]));
}

/** Images in folders of all resolutions but the largest: the tables name an image once. */
function otherResolutions(source: LayoutSource): Set<string> {
  const found = imagesIn(source).flatMap((path) => {
    const resolution = IMAGES.exec(path)?.[2];
    return resolution === undefined ? [] : [{ path, resolution }];
  });
  const largest = RESOLUTIONS.find((one) => found.some(({ resolution }) => resolution === one));
  return new Set(found.filter(({ resolution }) => resolution !== largest).map(({ path }) => path));
}

function tablesOf(source: LayoutSource): string[] {
  const found = source.files.flatMap(({ path }) => {
    const folder = isSystemFile(path) ? undefined : TABLE.exec(path)?.[2];
    return folder === undefined ? [] : [{ path, folder }];
  });
  const folders = [...new Set(found.map(({ folder }) => folder))];
  const folder = folders.includes(STANDARD) ? STANDARD : folders[0];
  if (folder === undefined) {
    throw new DomainError(
      'INVALID_INPUT',
      `${source.name} has the images of Real-IAD but no ${STANDARD}/<category>.json.`,
      {
        fix: `Put the folder ${STANDARD} (or realiad_jsons_sv) beside the folder of images: its tables say what is training, test, normal and anomalous.`,
        file: source.name,
        field: 'source',
      },
    );
  }
  return found.filter((one) => one.folder === folder).map(({ path }) => path);
}

interface Named {
  readonly sample: z.output<typeof sampleSchema>;
  readonly meta: z.output<typeof tableSchema>['meta'];
  readonly split: 'train' | 'test';
  readonly table: string;
  readonly where: string;
}

function toEntry({ sample, meta, split, table, where }: Named, finder: FileFinder): LayoutEntry {
  const { category, anomaly_class: code, image_path: image, mask_path: mask } = sample;
  const take = (reference: string) => finder.take({ reference, near: table, where });
  checkCategoryName(category, table);
  const isNormal = code === meta.normal_class;
  const defectType = isNormal ? null : (DEFECTS[code] ?? code);
  if (defectType !== null) checkDefectType(defectType, table);
  const isMasked = mask !== null && mask !== undefined && mask !== '';
  return {
    path: `${category}/${image.normalize('NFC')}`,
    ...{ category, split, label: isNormal ? 'normal' : 'anomalous', defectType },
    imageFile: take(`${meta.prefix}${image}`),
    mask: isMasked ? fileMask(take(`${meta.prefix}${mask}`)) : null,
  };
}
