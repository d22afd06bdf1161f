/** @file The manifest of Amazon Lookout for Vision (SageMaker Ground Truth): a line of JSON for each image. */
import { DomainError } from '@plumbline/contracts';
import { z } from 'zod';
import { AnnotatedEntries, defectTypeOf } from './annotated.ts';
import { checkCategoryName, isSystemFile, meansNormal } from './file-names.ts';
import { FileFinder } from './find-file.ts';
import { commonFolder, finished, imagesIn } from './flat-entries.ts';
import { categoryIn } from './folder-root.ts';
import type { Layout, LayoutSource } from './layout.ts';
import { fileMask } from './mask-source.ts';
import { firstLineOf, readJsonLines } from './read-json.ts';
import { splitOfAnnotation, splitOfFolders } from './split-words.ts';

const lineSchema = z.looseObject({ 'source-ref': z.string().min(1) });
type Line = z.output<typeof lineSchema>;

const classSchema = z.looseObject({ 'class-name': z.string(), type: z.string().optional() });
const colorsSchema = z.looseObject({
  'internal-color-map': z.record(z.string(), z.looseObject({ 'class-name': z.string() })),
});
const MASK = 'anomaly-mask-ref';
const DEFECT_TYPE = 'anomaly';
const BACKGROUND = 'BACKGROUND';
/** Where the manifests say nothing of a split. */
const TEST_SHARE = 0.2;

export const lookoutLayout: Layout = {
  name: 'lookout',
  title: 'Amazon Lookout for Vision manifest',
  expected: [
    'train.manifest, test.manifest    a line of JSON for each image: source-ref, anomaly-label-metadata.class-name (normal or anomaly),',
    '                                 anomaly-mask-ref (optional)',
    '**/001.jpg                       the images and masks themselves, with the names that their addresses end in',
  ].join('\n'),
  testShare: TEST_SHARE,
  advice: { markedNormal: 'Set its class-name to anomaly, or remove its anomaly-mask-ref.' },
  recognize: async (source) => (await manifestsOf(source)).length > 0,
  toEntries: readManifests,
};

/** Other tools have files of this name too. */
async function manifestsOf(source: LayoutSource): Promise<string[]> {
  const found: string[] = [];
  for (const { path } of source.files) {
    if (!path.endsWith('.manifest') || isSystemFile(path)) continue;
    if ((await firstLineOf(source, path)).includes('"source-ref"')) found.push(path);
  }
  return found;
}

async function readManifests(source: LayoutSource) {
  const manifests = await manifestsOf(source);
  const finder = new FileFinder(source);
  const category = categoryIn(source, commonFolder(manifests));
  checkCategoryName(category, manifests[0] ?? source.name);
  const shared = commonFolder([...manifests, ...imagesIn(source)]);
  const found = new AnnotatedEntries();
  for (const manifest of manifests) {
    const lines = await readJsonLines(source, manifest, lineSchema);
    const values = lines.map(({ value }) => value);
    const references = values.flatMap((value) => [value['source-ref'], textAt(value, MASK) ?? []]);
    const split = splitOfAnnotation(manifest, shared);
    const foreign = finder.foreignFolders(references.flat());
    for (const { line, value } of lines) {
      const where = `${manifest}, line ${line}`;
      const named = { near: manifest, where, split };
      const imageFile = finder.take({ ...named, reference: value['source-ref'] }, foreign);
      const isNormal = meansNormal(classOf(value, manifest, where));
      const mask = textAt(value, MASK);
      found.add({
        ...{ imageFile, category },
        split: split ?? splitOfFolders(imageFile, shared),
        defectType: isNormal ? null : (typesIn(value) ?? DEFECT_TYPE),
        mask:
          isNormal || mask === null
            ? null
            : fileMask(finder.take({ ...named, reference: mask }, foreign)),
      });
    }
  }
  const root = commonFolder([...manifests, ...found.imageFiles]);
  const entries = found.entries(root);
  return finished({ root, entries, notes: found.notes() }, source, new Set(manifests));
}

/** The class that the label of the image says, whatever the label is called. */
function classOf(value: Line, file: string, where: string): string {
  for (const [name, metadata] of Object.entries(value)) {
    const parsed = name.endsWith('-metadata') ? classSchema.safeParse(metadata) : null;
    const { data } = parsed ?? {};
    if (data === undefined || (data.type ?? '').includes('segmentation')) continue;
    if (data['class-name'] !== '') return data['class-name'];
  }
  throw new DomainError('INVALID_INPUT', `${where}: no label says whether the image is normal.`, {
    fix: 'Label it in the tool and export the manifest again, or remove the line.',
    file,
  });
}

/** Kinds of defects that its mask shows. */
function typesIn(value: Line): string | null {
  const colors = colorsSchema.safeParse(value['anomaly-mask-ref-metadata']).data;
  if (colors === undefined) return null;
  const names = Object.values(colors['internal-color-map']).map((one) => one['class-name']);
  return defectTypeOf(names.filter((name) => name.toUpperCase() !== BACKGROUND));
}

function textAt(value: Line, key: string): string | null {
  const found = value[key];
  return typeof found === 'string' && found !== '' ? found : null;
}
