/** @file LabelMe annotations: a .json beside each image with outlines of its defects; an image without shapes is normal. */
import { DomainError } from '@plumbline/contracts';
import { z } from 'zod';
import { AnnotatedEntries, defectTypeOf } from './annotated.ts';
import { checkCategoryName, isSystemFile, meansNormal, stemOf } from './file-names.ts';
import { commonFolder, finished, imagesIn } from './flat-entries.ts';
import { categoryIn } from './folder-root.ts';
import type { Layout, LayoutSource } from './layout.ts';
import type { MaskSource, Polygon } from './mask-source.ts';
import { noteTakenAsNormal } from './notes.ts';
import { findJson, readJson } from './read-json.ts';
import { rejectMasks } from './reject-masks.ts';
import { splitOfFolders } from './split-words.ts';

const shapeSchema = z.object({
  label: z.string(),
  points: z.array(z.tuple([z.number(), z.number()])),
  shape_type: z.string().default('polygon'),
});
const labelmeSchema = z.object({
  shapes: z.array(shapeSchema),
  imagePath: z.string(),
  imageWidth: z.number().int().positive(),
  imageHeight: z.number().int().positive(),
});
type LabelmeShape = z.output<typeof shapeSchema>;

/** Of normal images, where no folder says a split. */
const TEST_SHARE = 0.2;
/** Corners that a circle is drawn with. */
const CIRCLE_CORNERS = 64;

export const labelmeLayout: Layout = {
  name: 'labelme',
  title: 'LabelMe annotations',
  expected: [
    '**/001.jpg     images; folders train and test split them, without such folders the split is made',
    '**/001.json    beside an image, with polygons of its defects; images without shapes or without a .json are normal',
  ].join('\n'),
  testShare: TEST_SHARE,
  advice: { markedNormal: 'Remove its shapes.' },
  async recognize(source) {
    // Outlines beside images of the MVTec layout say less than its folders do.
    if (imagesIn(source).some((path) => path.split('/').at(-2) === 'good')) return false;
    const [first] = annotationsOf(source).values();
    return first !== undefined && (await findJson(source, first, labelmeSchema)) !== null;
  },
  toEntries: readLabelme,
};

/** The .json beside an image, by the image. */
function annotationsOf(source: LayoutSource): Map<string, string> {
  const byStem = new Map(
    source.files.flatMap(({ path }) =>
      /\.json$/i.test(path) && !isSystemFile(path) ? [[stemOf(path), path] as const] : [],
    ),
  );
  return new Map(
    imagesIn(source).flatMap((image) => {
      const json = byStem.get(stemOf(image));
      return json === undefined ? [] : [[image, json] as const];
    }),
  );
}

async function readLabelme(source: LayoutSource) {
  const annotations = annotationsOf(source);
  const images = imagesIn(source);
  rejectMasks(images, {
    why: 'this layout has no place for it',
    fix: 'Remove it where the .json of its image has the outlines; else say in a mapping what is what.',
  });
  const root = commonFolder(images);
  const category = categoryIn(source, root);
  checkCategoryName(category, images[0] ?? source.name);
  const found = new AnnotatedEntries();
  const normal: string[] = [];
  for (const imageFile of images) {
    const file = annotations.get(imageFile);
    const annotation = file === undefined ? null : await readJson(source, file, labelmeSchema);
    const shapes = (annotation?.shapes ?? []).filter(({ label }) => !meansNormal(label));
    if (shapes.length === 0) normal.push(imageFile);
    found.add({
      ...{ imageFile, category, split: splitOfFolders(imageFile, root) },
      defectType: defectTypeOf(shapes.map(({ label }) => label)),
      mask: annotation === null || file === undefined ? null : maskOf(shapes, annotation, file),
    });
  }
  const notes = [...found.notes(), ...noteTakenAsNormal(normal, 'have no shapes')];
  const used = new Set(annotations.values());
  return finished({ root, entries: found.entries(root), notes }, source, used);
}

function maskOf(
  shapes: readonly LabelmeShape[],
  { imageWidth: width, imageHeight: height }: z.output<typeof labelmeSchema>,
  file: string,
): MaskSource | null {
  if (shapes.length === 0) return null;
  const polygons = shapes.map((shape) => outlineOf(shape, file));
  return { kind: 'outlines', file, width, height, polygons, runs: [] };
}

function outlineOf({ label, points, shape_type: type }: LabelmeShape, file: string): Polygon {
  const [a, b] = points;
  if (type === 'polygon' && points.length >= 3) return points;
  // All corners, as X-AnyLabeling writes them.
  if ((type === 'rectangle' || type === 'rotation') && points.length === 4) return points;
  const isPair = a !== undefined && b !== undefined && points.length === 2;
  if (type === 'rectangle' && isPair) return [a, [b[0], a[1]], b, [a[0], b[1]]];
  if (type === 'circle' && isPair) return circle(a, b);
  throw new DomainError(
    'INVALID_INPUT',
    `${file} has a shape "${label}" that outlines nothing (${type} of ${points.length} points).`,
    { fix: 'Draw it as a polygon, rectangle or circle, or remove it.', file },
  );
}

/** From its center and a point on it. */
function circle([x, y]: Polygon[number], [edgeX, edgeY]: Polygon[number]): Polygon {
  const radius = Math.hypot(edgeX - x, edgeY - y);
  return Array.from({ length: CIRCLE_CORNERS }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / CIRCLE_CORNERS;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const;
  });
}
