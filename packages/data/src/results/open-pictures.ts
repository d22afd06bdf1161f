/** @file Results as a table (CSV: path or image, score, optionally map) beside one TIFF or PNG a map. */
import { extname } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import { type CsvTable, MAX_TABLE_BYTES, parseCsv } from '../sources/csv-table.ts';
import type { SourceFiles } from '../sources/source-files.ts';
import { decodeFloatMap } from './float-map.ts';
import { type OpenedResults, readProtocolFile } from './result-set.ts';

const COLUMNS = 'Give it a header line with the columns path and score, and optionally map.';
/** A map of 100 megapixels, f32, with its header. */
const MAX_MAP_FILE_BYTES = 401e6;
const MAP_EXTENSIONS = ['.tiff', '.tif', '.png'];

export async function openPictures(files: SourceFiles): Promise<OpenedResults> {
  const table = tableOf(files);
  const folder = table.slice(0, table.lastIndexOf('/') + 1);
  const records = readTable(await files.read(table, MAX_TABLE_BYTES), table);
  const known = new Set(files.files.map(({ path }) => path));
  const entries = records.map((cells, index) => {
    const where = `${table}, line ${index + 2}`;
    const path = (cells['path'] ?? cells['image'] ?? '').trim();
    const score = (cells['score'] ?? '').trim();
    if (path === '') throw bad(table, `${where}: there is no path`, COLUMNS);
    return {
      row: { path, score: score === '' ? Number.NaN : Number(score), where },
      map: mapOf(cells['map']?.trim() ?? '', path, folder, known, where),
    };
  });
  const first = entries[0]?.map ?? '';
  return {
    format: extname(first).toLowerCase() === '.png' ? 'png' : 'tiff',
    protocol: await readProtocolFile(files),
    rows: entries.map(({ row }) => row),
    readMap: async (index) => {
      const { map } = entries[index]!;
      return decodeFloatMap(await files.read(map, MAX_MAP_FILE_BYTES), map);
    },
  };
}

function tableOf(files: SourceFiles): string {
  const tables = files.files.map(({ path }) => path).filter((path) => /\.csv$/i.test(path));
  const [table] = tables;
  if (table !== undefined && tables.length === 1) return table;
  throw new DomainError(
    'INVALID_INPUT',
    tables.length === 0
      ? 'There are neither arrays (.npy) nor a table (.csv) of scores.'
      : `There are ${tables.length} tables: ${tables.slice(0, 5).join(', ')}.`,
    {
      file: tables[1] ?? files.name,
      fix: 'Put one .csv of scores beside the maps, or import an .npz.',
    },
  );
}

function readTable(bytes: Uint8Array, file: string): CsvTable['rows'] {
  const { columns, rows } = parseCsv(bytes, file, COLUMNS);
  if (!columns.includes('score') || !(columns.includes('path') || columns.includes('image')))
    throw bad(file, `${file} has the columns ${columns.join(', ') || 'none'}`, COLUMNS);
  if (rows.length === 0)
    throw bad(file, `${file} has no rows`, 'Write a line for each test image.');
  return rows;
}

/** The named map, or the picture of the image's own name, beside the table or under `maps/`. */
function mapOf(
  named: string,
  path: string,
  folder: string,
  known: ReadonlySet<string>,
  where: string,
): string {
  const stem = path
    .replace(/\\/g, '/')
    .replace(/^\.\//, '')
    .replace(/\.[^./]+$/, '');
  const places =
    named === ''
      ? [`${folder}${stem}`, `${folder}maps/${stem}`].flatMap((place) =>
          MAP_EXTENSIONS.map((extension) => `${place}${extension}`),
        )
      : [`${folder}${named.replace(/^\.\//, '')}`];
  const found = places.find((place) => known.has(place));
  if (found !== undefined) return found;
  throw bad(
    named === '' ? `${stem}.tiff` : named,
    `The image ${path} has no map (${where})`,
    `Save its map as ${places[0]}, or name it in the column map.`,
  );
}

function bad(file: string, message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', `${message}.`, { file, fix });
}
