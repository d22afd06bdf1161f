/** @file What every format of somebody else's results opens to. */
import { DomainError } from '@plumbline/contracts';
import type { SourceFiles } from '../sources/source-files.ts';
import type { FloatMap } from './float-map.ts';

export interface ResultRow {
  /** As given. */
  readonly path: string;
  readonly score: number;
  /** Where the row stands, for errors: `scores.csv, line 7`. */
  readonly where: string;
}

export interface ResultSet {
  /** Name of the file or folder. */
  readonly name: string;
  readonly format: 'npz' | 'tiff' | 'png';
  /** Name of the protocol that the files say they were made under; null when they say nothing. */
  readonly protocol: string | null;
  readonly rows: readonly ResultRow[];
  /** The anomaly map of a row. @throws DomainError INVALID_INPUT naming the file */
  readMap(row: number): Promise<FloatMap>;
  close(): Promise<void>;
}

export type OpenedResults = Omit<ResultSet, 'name' | 'close'>;

/** A name. */
const MAX_PROTOCOL_BYTES = 4096;

/** The text of `protocol.txt`, when there is one. */
export async function readProtocolFile(files: SourceFiles): Promise<string | null> {
  const found = files.files.find(({ path }) => path === 'protocol.txt');
  if (found === undefined) return null;
  const text = Buffer.from(await files.read(found.path, MAX_PROTOCOL_BYTES))
    .toString('utf8')
    .trim();
  if (text !== '') return text;
  throw new DomainError('INVALID_INPUT', 'protocol.txt is empty.', {
    file: found.path,
    fix: 'Write the name of the protocol into it, or remove it.',
  });
}
