/** @file The VisA layout: folders of images, and a table `split_csv/1cls.csv` that says what each image is. */
import { DomainError, type Label, type Split } from '@plumbline/contracts';
import { MAX_TABLE_BYTES, parseCsv } from '../sources/csv-table.ts';
import { compareText } from '../store/canonical-json.ts';
import { checkCategoryName, isSystemFile, outermostRoot } from './file-names.ts';
import type { Layout, LayoutEntries, LayoutEntry, LayoutSource } from './layout.ts';
import { fileMask } from './mask-source.ts';

const TABLE = 'split_csv/1cls.csv';
/** VisA does not tell kinds of defects apart in its table. */
const DEFECT_TYPE = 'anomaly';
const COLUMNS = ['object', 'split', 'label', 'image', 'mask'];
const SPLITS: Readonly<Record<string, Split>> = { train: 'train', test: 'test' };
const LABELS: Readonly<Record<string, Label>> = { normal: 'normal', anomaly: 'anomalous' };
const TABLE_FIX = `Give ${TABLE} a header line with the columns ${COLUMNS.join(',')}.`;

const IMAGES = /(^|\/)Data\/Images\/(Normal|Anomaly)\//;

const EXPECTED = [
  'split_csv/1cls.csv                          a table: object,split,label,image,mask',
  '<category>/Data/Images/Normal/0001.JPG      images, as the table names them',
  '<category>/Data/Images/Anomaly/0001.JPG',
  '<category>/Data/Masks/Anomaly/0001.png      masks of anomalous images (optional)',
].join('\n');

export const visaLayout: Layout = {
  name: 'visa',
  title: 'VisA',
  expected: EXPECTED,
  advice: {
    markedNormal: `Write anomaly in the column label of ${TABLE}, or remove the mask from its column.`,
  },
  recognize: async (source) =>
    rootOf(source) !== null || source.files.some(({ path }) => IMAGES.test(path)),
  async toEntries(source) {
    const root = rootOf(source);
    if (root === null) throw withoutTable(source);
    return readTable(source, root);
  },
};

function withoutTable(source: LayoutSource): DomainError {
  return new DomainError(
    'INVALID_INPUT',
    `${source.name} has the images of VisA but no ${TABLE}.`,
    {
      fix: `Put ${TABLE} beside the folders of the categories: it says what is training and what is test.`,
      file: source.name,
      field: 'source',
    },
  );
}

/** '' or `folder/`. */
function rootOf(source: LayoutSource): string | null {
  const folders = source.files.flatMap(({ path }) => {
    if (isSystemFile(path)) return [];
    if (path === TABLE) return [''];
    return path.endsWith(`/${TABLE}`) ? [path.slice(0, -TABLE.length - 1)] : [];
  });
  const folder = outermostRoot(source, folders);
  return folder === null || folder === '' ? folder : `${folder}/`;
}

async function readTable(source: LayoutSource, root: string): Promise<LayoutEntries> {
  const file = `${root}${TABLE}`;
  const { columns, rows } = parseCsv(await source.read(file, MAX_TABLE_BYTES), file, TABLE_FIX);
  const lacking = COLUMNS.filter((column) => !columns.includes(column));
  if (lacking.length > 0) {
    throw new DomainError('INVALID_INPUT', `${file} has no column ${lacking.join(', ')}.`, {
      fix: TABLE_FIX,
      file,
    });
  }
  const table = new TableRows(source, root, file);
  const entries = rows.map((cells, index) => table.toEntry(cells, index + 2));
  rejectUntrained(entries, file);
  const ignored = source.files.map(({ path }) => path).filter((path) => !table.isUsed(path));
  return {
    root: root.slice(0, -1),
    entries: entries.sort((a, b) => compareText(a.path, b.path)),
    ignored,
    notes: [],
  };
}

class TableRows {
  readonly #root: string;
  readonly #table: string;
  readonly #files: ReadonlySet<string>;
  readonly #used = new Set<string>();

  constructor({ files }: LayoutSource, root: string, table: string) {
    this.#root = root;
    this.#table = table;
    this.#files = new Set(files.map(({ path }) => path).filter((path) => !isSystemFile(path)));
    this.#used.add(table);
  }

  isUsed(path: string): boolean {
    return this.#used.has(path);
  }

  toEntry(cells: Readonly<Record<string, string>>, line: number): LayoutEntry {
    const [category = '', splitName = '', labelName = '', path = '', mask = ''] = COLUMNS.map(
      (column) => (cells[column] ?? '').trim(),
    );
    const split = SPLITS[splitName];
    const label = LABELS[labelName];
    if (split === undefined)
      throw this.#bad(line, `the split is "${splitName}"`, 'Write train or test.');
    if (label === undefined)
      throw this.#bad(line, `the label is "${labelName}"`, 'Write normal or anomaly.');
    if (split === 'train' && label !== 'normal')
      throw this.#bad(line, `${path} is anomalous and in train`, 'Train with normal images only.');
    checkCategoryName(category, this.#table);
    if (!path.startsWith(`${category}/`))
      throw this.#bad(line, `${path} is not in the folder ${category}`, 'Move it there.');
    return {
      ...{ path, category, split, label },
      defectType: label === 'normal' ? null : DEFECT_TYPE,
      imageFile: this.#take(path, line),
      mask: mask === '' ? null : fileMask(this.#take(mask, line)),
    };
  }

  #take(path: string, line: number): string {
    const file = `${this.#root}${path}`;
    if (!this.#files.has(file))
      throw this.#bad(line, `there is no file ${path}`, 'Add it, or remove the line.');
    if (this.#used.has(file))
      throw this.#bad(line, `${path} is in the table already`, 'Keep one line per image and mask.');
    this.#used.add(file);
    return file;
  }

  #bad(line: number, what: string, fix: string): DomainError {
    const file = this.#table;
    return new DomainError('INVALID_INPUT', `${file}, line ${line}: ${what}.`, { fix, file });
  }
}

function rejectUntrained(entries: readonly LayoutEntry[], file: string): void {
  const trained = new Set(entries.filter((e) => e.split === 'train').map((e) => e.category));
  const untrained = entries.find(({ category }) => !trained.has(category));
  if (entries.length > 0 && untrained === undefined) return;
  throw new DomainError(
    'INVALID_INPUT',
    untrained === undefined
      ? `${file} has no rows.`
      : `The category ${untrained.category} has no training images in ${file}.`,
    { fix: 'Add rows with the split train and the label normal.', file },
  );
}
