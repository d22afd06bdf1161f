/** @file What an import tells: counts by category, identical images, and what is worth a warning. */
import {
  type CategorySummary,
  type DatasetImportOptions,
  type ImportReport,
  type ImportWarning,
  imageSizesOf,
  type MadeSplit,
  type Sample,
  splitWords,
} from '@plumbline/contracts';
import { compareText } from '../store/canonical-json.ts';
import type { CheckedSample } from './check-samples.ts';
import { pixelWarnings, smallMaskShares } from './pixel-warnings.ts';
import { count, listed } from './report-words.ts';

const FEW_TRAIN = 10;

export interface ReportOptions {
  readonly layout: string;
  readonly checked: readonly CheckedSample[];
  readonly ignored: readonly string[];
  /** Folder in which the dataset begins; '' is the source itself. */
  readonly root: string;
  readonly told: DatasetImportOptions;
  /** Of the layout. */
  readonly notes?: readonly ImportWarning[];
  /** Null where it came with the files. */
  readonly split?: MadeSplit | null;
}

export function reportImport({
  layout,
  checked,
  ignored,
  root,
  told,
  notes = [],
  split = null,
}: ReportOptions): ImportReport {
  const samples = checked.map(({ sample }) => sample);
  const names = [...new Set(samples.map((sample) => sample.category))].sort(compareText);
  const identicalImages = findIdenticalImages(samples);
  const identicalOf = byCategoryOf(identicalImages, samples);
  const byCategory = names.map((name) => {
    const own = checked.filter(({ sample }) => sample.category === name);
    const summary = summarize(name, own);
    const warnings = [
      ...warningsOf(summary, own),
      ...pixelWarnings(name, own, told),
      ...identicalWarnings(name, identicalOf.get(name) ?? []),
    ];
    return { summary, warnings };
  });
  return {
    layout,
    images: samples.length,
    bytes: distinctBytes(samples),
    categories: byCategory.map(({ summary }) => summary),
    identicalImages,
    ...(split === null ? {} : { split }),
    warnings: [
      ...byCategory.flatMap(({ warnings }) => warnings),
      ...notes,
      ...splitWarnings(split),
      ...ignoredWarnings(ignored, root),
    ],
  };
}

function summarize(name: string, checked: readonly CheckedSample[]): CategorySummary {
  const samples = checked.map(({ sample }) => sample);
  const test = samples.filter((sample) => sample.split === 'test');
  const anomalous = test.filter((sample) => sample.label === 'anomalous');
  const types = new Map<string, number>();
  for (const { defectType } of anomalous) {
    if (defectType !== null) types.set(defectType, (types.get(defectType) ?? 0) + 1);
  }
  const widths = samples.map((sample) => sample.image.width);
  const heights = samples.map((sample) => sample.image.height);
  const smallest = (values: number[]): number => values.reduce((a, b) => Math.min(a, b));
  const largest = (values: number[]): number => values.reduce((a, b) => Math.max(a, b));
  const range = samples.find((sample) => sample.range !== undefined)?.range;
  const smallMasks = smallMaskShares(checked);
  return {
    name,
    train: samples.filter((sample) => sample.split === 'train').length,
    testNormal: test.length - anomalous.length,
    testAnomalous: anomalous.length,
    masks: anomalous.filter((sample) => sample.mask !== null).length,
    defectTypes: [...types]
      .map(([type, count]) => ({ name: type, samples: count }))
      .sort((a, b) => compareText(a.name, b.name)),
    minWidth: smallest(widths),
    minHeight: smallest(heights),
    maxWidth: largest(widths),
    maxHeight: largest(heights),
    sizes: imageSizesOf(samples.map(({ image }) => image)),
    ...(range === undefined ? {} : { range }),
    ...(smallMasks.length === 0 ? {} : { smallMasks }),
  };
}

function warningsOf(summary: CategorySummary, checked: readonly CheckedSample[]): ImportWarning[] {
  const { name, train, testNormal, testAnomalous, masks } = summary;
  const warnings: ImportWarning[] = [];
  const warn = (code: ImportWarning['code'], message: string): void => {
    warnings.push({ code, category: name, message });
  };
  if (train < FEW_TRAIN) {
    warn('FEW_TRAIN', `${name} has only ${count(train, 'training image')}: expect a weak model.`);
  }
  if (testNormal === 0) {
    warn('NO_TEST_NORMAL', `${name} has no normal test images: its image AUROC is undefined.`);
  }
  if (testAnomalous === 0) {
    warn('NO_ANOMALOUS', `${name} has no anomalous test images: its metrics are undefined.`);
  } else if (masks === 0) {
    warn('NO_MASKS', `${name} has no masks: its pixel metrics are undefined.`);
  } else if (masks < testAnomalous) {
    const missing = checked.filter(
      ({ sample }) => sample.label === 'anomalous' && sample.mask === null,
    );
    warn(
      'SOME_MASKS_MISSING',
      `${name}: ${missing.length} of ${testAnomalous} anomalous test images have no mask (${listed(missing.map(({ sample }) => sample.path))}): its pixel metrics leave them out.`,
    );
  }
  const empty = checked.filter(({ mask }) => mask?.share === 0);
  if (empty.length > 0) {
    warn(
      'EMPTY_MASK',
      `${name}: ${count(empty.length, 'mask')} of anomalous images mark no pixel (${listed(empty.map(({ mask }) => mask?.file ?? ''))}).`,
    );
  }
  return warnings;
}

type IdenticalImages = ImportReport['identicalImages'];

/** Groups of images with the same bytes; masks do not count, since many are alike by nature. */
function findIdenticalImages(samples: readonly Sample[]): IdenticalImages {
  const groups = new Map<string, string[]>();
  for (const { image, path } of samples) addTo(groups, image.sha256, path);
  return [...groups]
    .filter(([, files]) => files.length > 1)
    .map(([sha256, files]) => ({ sha256, files: files.sort(compareText) }))
    .sort((a, b) => compareText(a.files[0] ?? '', b.files[0] ?? ''));
}

function addTo<Item>(groups: Map<string, Item[]>, name: string, item: Item): void {
  const members = groups.get(name);
  if (members === undefined) groups.set(name, [item]);
  else members.push(item);
}

type Trait = 'split' | 'label' | 'category';

interface IdenticalGroup {
  readonly files: readonly string[];
  /** What differs among its images. */
  readonly differs: ReadonlySet<Trait>;
}

/** The groups that each category has a part in; each image is looked at once, however many are alike. */
function byCategoryOf(
  groups: IdenticalImages,
  samples: readonly Sample[],
): Map<string, IdenticalGroup[]> {
  const byPath = new Map(samples.map((sample) => [sample.path, sample]));
  const found = new Map<string, IdenticalGroup[]>();
  for (const { files } of groups) {
    const members = files.flatMap((file) => byPath.get(file) ?? []);
    const differs = (['split', 'label', 'category'] as const).filter(
      (trait) => new Set(members.map((sample) => sample[trait])).size > 1,
    );
    const group = { files, differs: new Set(differs) };
    for (const category of new Set(members.map((sample) => sample.category)))
      addTo(found, category, group);
  }
  return found;
}

function identicalWarnings(category: string, own: readonly IdenticalGroup[]): ImportWarning[] {
  if (own.length === 0) return [];
  const files = own.reduce((sum, group) => sum + group.files.length, 0);
  const spanning = (trait: Trait) => own.filter(({ differs }) => differs.has(trait)).length;
  const splits = spanning('split');
  const labels = spanning('label');
  const categories = spanning('category');
  const first = own[0]?.files ?? [];
  const message = [
    `${category} has ${count(own.length, 'group')} of identical images (${files} files, e.g. ${listed(first)}).`,
    ...(splits > 0
      ? [`${count(splits, 'group')} in both train and test: test results look too good.`]
      : []),
    ...(labels > 0
      ? [
          `${count(labels, 'group')} labeled both normal and anomalous: one of the two labels is wrong.`,
        ]
      : []),
    ...(categories > 0 ? [`${count(categories, 'group')} in more than one category.`] : []),
  ].join(' ');
  return [{ code: 'IDENTICAL_IMAGES', category, message }];
}

function splitWarnings(split: MadeSplit | null): ImportWarning[] {
  // Without a share asked for or taken nothing was decided.
  if (split === null || (split.isDefault && split.testShare === 0)) return [];
  return [{ code: 'SPLIT_MADE', category: null, message: splitWords(split) }];
}

function ignoredWarnings(ignored: readonly string[], root: string): ImportWarning[] {
  if (ignored.length === 0) return [];
  const begins = root === '' ? '' : ` The dataset begins in ${root}.`;
  const message = `${count(ignored.length, 'file')} ignored: ${listed(ignored)}.${begins}`;
  return [{ code: 'IGNORED_FILES', category: null, message }];
}

function distinctBytes(samples: readonly Sample[]): number {
  const sizes = new Map<string, number>();
  for (const { image, mask } of samples) {
    sizes.set(image.sha256, image.bytes);
    if (mask !== null) sizes.set(mask.sha256, mask.bytes);
  }
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}
