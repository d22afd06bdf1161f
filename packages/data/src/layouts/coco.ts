/** @file COCO annotations: images with outlines of defects are anomalous, those without are normal. */
import { DomainError } from '@plumbline/contracts';
import { z } from 'zod';
import { AnnotatedEntries, defectTypeOf } from './annotated.ts';
import { checkCategoryName, isSystemFile, meansNormal } from './file-names.ts';
import { FileFinder } from './find-file.ts';
import { commonFolder, finished, imagesIn } from './flat-entries.ts';
import { categoryIn } from './folder-root.ts';
import type { Layout, LayoutSource } from './layout.ts';
import type { ColumnRuns, MaskSource, Polygon } from './mask-source.ts';
import { noteTakenAsNormal } from './notes.ts';
import { findJson, readJson } from './read-json.ts';
import { runsOf } from './run-lengths.ts';
import { splitOfAnnotation, splitOfFolders } from './split-words.ts';

const segmentationSchema = z.union([
  z.array(z.array(z.number())),
  z.object({
    size: z.tuple([z.number(), z.number()]),
    counts: z.union([z.array(z.number().int().min(0)), z.string()]),
  }),
]);
const imageSchema = z.object({
  id: z.union([z.number(), z.string()]),
  file_name: z.string().min(1),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
const annotationSchema = z.object({
  image_id: z.union([z.number(), z.string()]),
  category_id: z.union([z.number(), z.string()]),
  segmentation: segmentationSchema.optional(),
});
const cocoSchema = z.object({
  images: z.array(imageSchema),
  annotations: z.array(annotationSchema),
  categories: z.array(z.object({ id: z.union([z.number(), z.string()]), name: z.string() })),
});
const shapeSchema = z.object({
  images: z.array(z.looseObject({ file_name: z.string() })).min(1),
  annotations: z.array(z.looseObject({})),
  categories: z.array(z.looseObject({})),
});

type CocoAnnotation = z.output<typeof annotationSchema>;

/** Where neither folder nor name of the annotations says it, of normal images. */
const TEST_SHARE = 0.2;
/** Files named like annotations, or so few that each may be looked at. */
const NAMED = /(coco|instances|annotations?)[^/]*\.json$|(^|\/)annotations\/[^/]*\.json$/i;
const FEW = 8;

export const cocoLayout: Layout = {
  name: 'coco',
  title: 'COCO annotations',
  expected: [
    'annotations/instances_train.json    images with polygons (or run lengths) are anomalous, those without any are normal;',
    'annotations/instances_test.json     _annotations.coco.json in each folder works too, and one file without a split',
    '**/001.jpg                          the images, by their file_name',
  ].join('\n'),
  testShare: TEST_SHARE,
  advice: { markedNormal: 'Remove its annotations.' },
  recognize: async (source) => (await annotationsOf(source)).length > 0,
  async countImages(source) {
    let images = 0;
    for (const path of await annotationsOf(source))
      images += (await findJson(source, path, shapeSchema))?.images.length ?? 0;
    return images;
  },
  toEntries: readCoco,
};

async function annotationsOf(source: LayoutSource): Promise<string[]> {
  const all = source.files
    .map(({ path }) => path)
    .filter((path) => /\.json$/i.test(path) && !isSystemFile(path));
  const candidates = all.length <= FEW ? all : all.filter((path) => NAMED.test(path)).slice(0, FEW);
  const found: string[] = [];
  for (const path of candidates)
    if ((await findJson(source, path, shapeSchema)) !== null) found.push(path);
  return found;
}

async function readCoco(source: LayoutSource) {
  const files = await annotationsOf(source);
  const finder = new FileFinder(source);
  const category = categoryIn(source, commonFolder(files.map(withoutAnnotationsFolder)));
  checkCategoryName(category, files[0] ?? source.name);
  const shared = commonFolder([...files, ...imagesIn(source)]);
  const found = new AnnotatedEntries();
  const normal: string[] = [];
  for (const file of files) {
    const { images, annotations, categories } = await readJson(source, file, cocoSchema);
    const names = new Map(categories.map(({ id, name }) => [id, name]));
    const byImage = groupByImage(annotations);
    const split = splitOfAnnotation(file, shared);
    const foreign = finder.foreignFolders(images.map(({ file_name }) => file_name));
    for (const { id, file_name, width, height } of images) {
      const own = (byImage.get(id) ?? []).filter(
        (one) => !meansNormal(names.get(one.category_id) ?? ''),
      );
      const where = `${file}, image ${id}`;
      const imageFile = finder.take({ reference: file_name, near: file, where, split }, foreign);
      const types = own.map((one) => nameIn(names, one, { file, where }));
      if (own.length === 0) normal.push(imageFile);
      found.add({
        ...{ imageFile, category },
        split: split ?? splitOfFolders(imageFile, shared),
        defectType: defectTypeOf(types),
        mask: maskOf(own, { file, where, width, height }),
      });
    }
  }
  const root = commonFolder([...files, ...found.imageFiles]);
  const notes = [...found.notes(), ...noteTakenAsNormal(normal, 'have no annotation')];
  return finished({ root, entries: found.entries(root), notes }, source, new Set(files));
}

function groupByImage(annotations: readonly CocoAnnotation[]) {
  const byImage = new Map<number | string, CocoAnnotation[]>();
  for (const one of annotations) {
    const own = byImage.get(one.image_id);
    if (own === undefined) byImage.set(one.image_id, [one]);
    else own.push(one);
  }
  return byImage;
}

function withoutAnnotationsFolder(path: string): string {
  return path.replace(/(^|\/)annotations\/[^/]+$/i, '$1annotations');
}

function nameIn(
  names: ReadonlyMap<number | string, string>,
  { category_id }: CocoAnnotation,
  { file, where }: { readonly file: string; readonly where: string },
): string {
  const name = names.get(category_id);
  if (name !== undefined) return name;
  throw new DomainError('INVALID_INPUT', `${where}: there is no category ${category_id}.`, {
    fix: 'Export the annotations again.',
    file,
  });
}

interface Drawn {
  readonly file: string;
  readonly where: string;
  readonly width: number;
  readonly height: number;
}

/** Null of an image whose defects have boxes alone, some or all: a mask without them would be wrong. */
function maskOf(own: readonly CocoAnnotation[], drawn: Drawn): MaskSource | null {
  if (own.length === 0 || own.some(({ segmentation }) => isEmpty(segmentation))) return null;
  const polygons: Polygon[] = [];
  const runs: ColumnRuns[] = [];
  for (const { segmentation } of own) {
    if (segmentation === undefined) continue;
    if (Array.isArray(segmentation))
      polygons.push(...segmentation.map((one) => pointsOf(one, drawn)));
    else runs.push(runsOf(segmentation, drawn));
  }
  const { file, width, height } = drawn;
  return { kind: 'outlines', file, width, height, polygons, runs };
}

function isEmpty(segmentation: CocoAnnotation['segmentation']): boolean {
  return segmentation === undefined || (Array.isArray(segmentation) && segmentation.length === 0);
}

function pointsOf(numbers: readonly number[], { file, where }: Drawn): Polygon {
  if (numbers.length < 6 || numbers.length % 2 !== 0) {
    throw new DomainError('INVALID_INPUT', `${where}: a polygon has ${numbers.length} numbers.`, {
      fix: 'Polygons are x1, y1, x2, y2, … of at least three points.',
      file,
    });
  }
  return Array.from(
    { length: numbers.length / 2 },
    (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!] as const,
  );
}
