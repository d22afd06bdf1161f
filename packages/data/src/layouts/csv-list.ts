/** @file A table that names files: a .csv in the outermost folder with the columns `image` and `label`. */
import { DomainError } from '@plumbline/contracts';
import { type CsvTable, MAX_TABLE_BYTES, parseCsv } from '../sources/csv-table.ts';
import { AnnotatedEntries } from './annotated.ts';
import {
  checkCategoryName,
  claimsToBeImage,
  folderOf,
  isSystemFile,
  meansAnomalous,
  meansNormal,
} from './file-names.ts';
import { FileFinder } from './find-file.ts';
import { finished } from './flat-entries.ts';
import { categoryIn } from './folder-root.ts';
import type { Layout, LayoutSource } from './layout.ts';
import { fileMask } from './mask-source.ts';
import { type SplitWord, splitWordIn } from './split-words.ts';

const FIX =
  'Columns: image and label (normal or anomalous), and if you have them split (train or test), category, defect_type, mask and group.';
/** What other tools call these columns; anomalib's tables have image_path, label_index and mask_path. */
const ALSO_CALLED: Readonly<Record<string, readonly string[]>> = {
  image: ['image_path', 'img_path', 'filename', 'file_name', 'filepath', 'file', 'path'],
  label: ['label_index'],
  mask: ['mask_path'],
};
const DEFECT_TYPE = 'anomaly';
/** Of normal images, where the table has no column `split`. */
const TEST_SHARE = 0.2;

export const csvLayout: Layout = {
  name: 'csv',
  title: 'A .csv that names files',
  expected: [
    '<any name>.csv    in the outermost folder, a line for each image:',
    '                  image,label,split,category,defect_type,mask,group',
    '                  label is normal or anomalous, split train or test; all but image and label may be left out',
    '                  image_path, label_index (0 or 1) and mask_path, as anomalib has them, will do too',
    '**/001.png        images and masks, as the table names them',
  ].join('\n'),
  testShare: TEST_SHARE,
  advice: { markedNormal: 'Write anomalous in the column label, or empty the column mask.' },
  recognize: async (source) => (await findTable(source)) !== null,
  async toEntries(source) {
    const found = await findTable(source);
    if (found === null) throw new Error('Not a table that names files');
    return readTable(source, found);
  },
};

interface FoundTable {
  readonly file: string;
  readonly root: string;
  readonly table: CsvTable;
}

/** One whose labels mean something: other tables may lie beside a dataset. */
async function findTable(source: LayoutSource): Promise<FoundTable | null> {
  const all = source.files.map(({ path }) => path).filter((path) => !isSystemFile(path));
  const root = outermostFolder(all);
  const tables = all.filter((path) => /\.csv$/i.test(path) && folderOf(path) === root);
  const found: FoundTable[] = [];
  let unread: DomainError | null = null;
  for (const file of tables) {
    const read = tableIn(await source.read(file, MAX_TABLE_BYTES), file);
    if (read === null) continue;
    const table = withOwnNames(read);
    const label = table.rows[0]?.['label'];
    const isLabeled = table.columns.includes('image') && label !== undefined;
    if (isLabeled && labelOf(label) !== null) found.push({ file, root, table });
    else unread ??= unlabeled(file, read, all);
  }
  const [first, second] = found;
  if (first === undefined && unread !== null) throw unread;
  if (second === undefined) return first ?? null;
  throw new DomainError('INVALID_INPUT', `${first?.file} and ${second.file} both name images.`, {
    fix: 'Put all lines into one table, with the columns split and category to tell them apart.',
    file: second.file,
  });
}

/**
 * Null for what is no table, and has no head of one that names images.
 * @throws DomainError INVALID_INPUT for one that has, and is broken further down
 */
function tableIn(bytes: Uint8Array, file: string): CsvTable | null {
  try {
    return parseCsv(bytes, file, FIX);
  } catch (error) {
    const [head = ''] = new TextDecoder().decode(bytes.subarray(0, 4096)).split(/\r?\n/);
    const columns = head.split(',').map((name) => name.replaceAll('"', '').trim().toLowerCase());
    if (error instanceof DomainError && !(columns.includes('image') && columns.includes('label')))
      return null;
    throw error;
  }
}

/** The table with the names of columns that this layout has, where another tool calls them something else. */
function withOwnNames({ columns, rows }: CsvTable): CsvTable {
  const own = new Map<string, string>();
  for (const [name, others] of Object.entries(ALSO_CALLED)) {
    const other = others.find((one) => columns.includes(one));
    if (!columns.includes(name) && other !== undefined) own.set(other, name);
  }
  if (own.size === 0) return { columns, rows };
  return {
    columns: columns.map((name) => own.get(name) ?? name),
    rows: rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, cell]) => [own.get(name) ?? name, cell])),
    ),
  };
}

/**
 * Of a table whose lines name images: a column that puts them into groups, as labels do. Taken for normal, all of them would be
 * trained with. Null where there is none: times and sizes differ from image to image.
 */
function dividingColumn({ columns, rows }: CsvTable, files: readonly string[]): string | null {
  const names = new Set(files.filter(claimsToBeImage).map(nameOf));
  const isImages = (column: string) =>
    rows.filter((row) => names.has(nameOf(row[column] ?? ''))).length * 2 > rows.length;
  const images = columns.find(isImages);
  if (images === undefined) return null;
  const isGroups = (column: string) => {
    const cells = new Set(rows.map((row) => (row[column] ?? '').trim()));
    return cells.size > 1 && cells.size * 2 <= rows.length;
  };
  return columns.find((column) => column !== images && isGroups(column)) ?? null;
}

function nameOf(path: string): string {
  const name = path.trim().replaceAll('\\', '/').split('/').at(-1) ?? '';
  return name.normalize('NFC').toLowerCase();
}

/** Null for a table that divides no images. */
function unlabeled(file: string, table: CsvTable, files: readonly string[]): DomainError | null {
  const column = dividingColumn(table, files);
  if (column === null) return null;
  return new DomainError(
    'INVALID_INPUT',
    `${file} names images, but which of them are normal can't be told from it: it has the columns ${table.columns.join(', ')}.`,
    {
      fix: `${FIX} If "${column}" says nothing about defects, remove the table.`,
      file,
      field: 'mapping',
    },
  );
}

/** The folder that holds more than another folder: archives wrap datasets. */
function outermostFolder(files: readonly string[]): string {
  const depth = (path: string) => path.split('/').length;
  const shallowest = files.reduce<string | null>(
    (least, path) => (least === null || depth(path) < depth(least) ? path : least),
    null,
  );
  return folderOf(shallowest ?? '');
}

function labelOf(text: string): 'normal' | 'anomalous' | null {
  const word = text.trim();
  if (word === '0' || meansNormal(word)) return 'normal';
  return word === '1' || meansAnomalous(word) ? 'anomalous' : null;
}

function readTable(source: LayoutSource, { file, root, table }: FoundTable) {
  const finder = new FileFinder(source);
  const found = new AnnotatedEntries();
  const cellsOf = (column: string) => table.rows.flatMap((row) => row[column]?.trim() || []);
  const foreign = finder.foreignFolders([...cellsOf('image'), ...cellsOf('mask')]);
  for (const [index, cells] of table.rows.entries()) {
    const where = `${file}, line ${index + 2}`;
    const cell = (column: string): string => (cells[column] ?? '').trim();
    const bad = (what: string, fix: string) =>
      new DomainError('INVALID_INPUT', `${where}: ${what}.`, { file, fix });
    const label = labelOf(cell('label'));
    if (label === null) throw bad(`the label is "${cell('label')}"`, 'Write normal or anomalous.');
    const category = cell('category') || categoryIn(source, root);
    checkCategoryName(category, file);
    const split = cell('split');
    const word: SplitWord | null = split === '' ? null : splitWordIn(split);
    if (split !== '' && word === null)
      throw bad(`the split is "${split}"`, 'Write train, validation or test.');
    const mask = cell('mask');
    found.add({
      ...{ category, split: word, group: cell('group') || undefined },
      imageFile: finder.take({ reference: cell('image'), near: file, where }, foreign),
      defectType: label === 'normal' ? null : cell('defect_type') || DEFECT_TYPE,
      mask:
        mask === '' ? null : fileMask(finder.take({ reference: mask, near: file, where }, foreign)),
    });
  }
  const entries = found.entries(root);
  return finished({ root, entries, notes: found.notes() }, source, new Set([file]));
}
