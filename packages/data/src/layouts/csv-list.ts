/** @file A table that names files: a .csv in the outermost folder with the columns `image` and `label`. */
import { DomainError } from '@plumbline/contracts';
import { type CsvTable, MAX_TABLE_BYTES, parseCsv } from '../sources/csv-table.ts';
import { AnnotatedEntries } from './annotated.ts';
import {
  checkCategoryName,
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
  for (const file of tables) {
    const table = tableIn(await source.read(file, MAX_TABLE_BYTES), file);
    if (table === null) continue;
    const [first] = table.rows;
    const label = first?.['label'];
    if (!table.columns.includes('image') || label === undefined) continue;
    if (labelOf(label) !== null) found.push({ file, root, table });
  }
  const [first, second] = found;
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
