/** @file A .zip archive as the source of an import: every entry is checked before any is read, none is unpacked to disk. */

import { isUtf8 as isUtf8Text } from 'node:buffer';
import { closeSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { DomainError } from '@plumbline/contracts';
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { entryPathOf } from './entry-path.ts';
import { readAt } from './read-at.ts';
import type { OpenedSource, SourceFile } from './source-files.ts';

const MAX_TOTAL_BYTES = 50 * 1024 ** 3;
/** Entries are listed in memory. */
const MAX_ENTRIES = 1_000_000;
/** Uncompressed over archive bytes; images hardly compress, so more than this is a zip bomb. */
const MAX_RATIO = 200;
const FILE_TYPE_BITS = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const REGULAR_FILE = 0o100000;
const DIRECTORY = 0o040000;
const DEFLATED = 8;
/** Of zlib. */
const LEAST_CHUNK = 64;
/** Bytes that deflating may add, beside a part of what there was: all of them are read at once. */
const ADDED_BYTES = 1024;
const ADDED_PART = 1 / 4;
const inflate = promisify(inflateRaw);

const REPACK = 'Make the archive again, for example with: zip -r dataset.zip <folder>';

export async function openArchive(archivePath: string): Promise<OpenedSource> {
  const opened = await openZip(archivePath);
  const { zip } = opened;
  try {
    const entries = await listEntries(zip, (await stat(archivePath)).size, basename(archivePath));
    const byPath = new Map(entries.files.map(({ path, entry }) => [path, entry]));
    return {
      files: entries.files.map(
        ({ path, entry }): SourceFile => ({ path, bytes: entry.uncompressedSize }),
      ),
      directories: entries.directories,
      read: async (path) => {
        const entry = byPath.get(path);
        if (entry === undefined) throw new Error(`No archive entry ${path}`);
        return readEntry(opened, entry, path);
      },
      close: async () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

interface OpenZip {
  readonly zip: ZipFile;
  /** Closed with the archive. */
  readonly file: number;
}

async function openZip(archivePath: string): Promise<OpenZip> {
  const name = basename(archivePath);
  if ((await stat(archivePath)).size === 0) {
    throw new DomainError('INVALID_INPUT', `${name} is empty (0 bytes).`, {
      fix: 'Copy or upload the archive again.',
      file: name,
    });
  }
  const file = openSync(archivePath, 'r');
  try {
    // Names stay bytes here: yauzl would refuse a bad one without naming it.
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false };
    return { zip: await fromFdPromise(file, options), file };
  } catch (cause) {
    closeSync(file);
    throw brokenArchive(name, cause);
  }
}

interface ListedEntries {
  files: { path: string; entry: Entry }[];
  directories: string[];
}

async function listEntries(
  zip: ZipFile,
  archiveBytes: number,
  name: string,
): Promise<ListedEntries> {
  const listed: ListedEntries = { files: [], directories: [] };
  let total = 0;
  if (zip.entryCount > MAX_ENTRIES)
    throw tooLarge(name, `has more than ${MAX_ENTRIES.toLocaleString('en-US')} entries`);
  for await (const entry of entriesOf(zip, name)) {
    const path = checkedPath(entry);
    if (path === null) continue;
    checkType(entry, path);
    if (path.endsWith('/')) {
      listed.directories.push(path.slice(0, -1));
      continue;
    }
    checkEntry(entry, path);
    total += entry.uncompressedSize;
    if (total > MAX_TOTAL_BYTES) throw tooLarge(name, 'unpacks to more than 50 GB');
    listed.files.push({ path, entry });
  }
  if (total > MAX_RATIO * archiveBytes) {
    throw tooLarge(name, `unpacks to more than ${MAX_RATIO} times its size`);
  }
  return listed;
}

async function* entriesOf(zip: ZipFile, name: string): AsyncGenerator<Entry> {
  try {
    for await (const entry of zip.eachEntry()) yield entry;
  } catch (cause) {
    throw brokenArchive(name, cause);
  }
}

/** The entry's path without `./`, or null for nothing but `./`; throws for one that leaves the archive. */
function checkedPath(entry: Entry): string | null {
  return entryPathOf(nameOf(entry), {
    ...{ what: 'archive entry', whole: 'archive' },
    fix: `${REPACK} (relative names with forward slashes).`,
  });
}

/** General purpose bit 11: the name is UTF-8. */
const IS_UTF8 = 0x800;

/** Names without the mark of UTF-8 are code page 437 by the book; macOS leaves the mark out and writes UTF-8. */
function nameOf(entry: Entry): string {
  const isUtf8 = isUtf8Text(entry.fileNameRaw);
  const flags = isUtf8 ? entry.generalPurposeBitFlag | IS_UTF8 : entry.generalPurposeBitFlag;
  return getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, true);
}

/** By its Unix mode, where it has one. */
function checkType(entry: Entry, path: string): void {
  const mode = (entry.externalFileAttributes >>> 16) & FILE_TYPE_BITS;
  if (mode === SYMBOLIC_LINK) {
    throw new DomainError('INVALID_INPUT', `The archive entry ${path} is a symbolic link.`, {
      fix: 'Put the file itself in its place (zip -r without --symlinks).',
      file: path,
    });
  }
  if (mode !== 0 && mode !== REGULAR_FILE && mode !== DIRECTORY) {
    throw new DomainError('INVALID_INPUT', `The archive entry ${path} is not a regular file.`, {
      fix: 'Remove it from the archive.',
      file: path,
    });
  }
}

function checkEntry(entry: Entry, path: string): void {
  if (entry.isEncrypted()) {
    throw new DomainError('INVALID_INPUT', `The archive entry ${path} is encrypted.`, {
      fix: 'Make the archive without a password.',
      file: path,
    });
  }
  if (entry.compressedSize > entry.uncompressedSize * (1 + ADDED_PART) + ADDED_BYTES) {
    throw new DomainError(
      'INVALID_INPUT',
      `The archive entry ${path} is damaged: it takes ${entry.compressedSize} bytes of the archive for ${entry.uncompressedSize}.`,
      { fix: REPACK, file: path },
    );
  }
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== DEFLATED) {
    throw new DomainError(
      'INVALID_INPUT',
      `The archive entry ${path} uses an unknown compression.`,
      {
        fix: REPACK,
        file: path,
      },
    );
  }
}

async function readEntry({ zip, file }: OpenZip, entry: Entry, path: string): Promise<Uint8Array> {
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const stored = await readAt(file, fileDataStart, entry.compressedSize);
    const bytes = entry.compressionMethod === DEFLATED ? await inflated(stored, entry) : stored;
    if (bytes.length !== entry.uncompressedSize)
      throw new Error(`it has ${bytes.length} bytes in place of ${entry.uncompressedSize}`);
    if (crc32(bytes) !== entry.crc32) throw new Error('checksum does not match');
    return bytes;
  } catch (cause) {
    throw new DomainError(
      'INVALID_INPUT',
      `The archive entry ${path} is damaged: ${String(cause)}.`,
      {
        fix: `${REPACK}, or copy it again.`,
        file: path,
        cause,
      },
    );
  }
}

/** At once, not in pieces: a stream takes several times as long. No more than it says that it has. */
async function inflated(stored: Buffer, { uncompressedSize }: Entry): Promise<Buffer> {
  const maxOutputLength = Math.max(1, uncompressedSize);
  return inflate(stored, {
    maxOutputLength,
    chunkSize: Math.max(LEAST_CHUNK, maxOutputLength + 1),
  });
}

function tooLarge(name: string, what: string): DomainError {
  return new DomainError('TOO_LARGE', `${name} ${what}.`, {
    fix: 'Import the unpacked folder, or split the dataset.',
    file: name,
  });
}

function brokenArchive(name: string, cause: unknown): DomainError {
  if (cause instanceof DomainError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new DomainError('INVALID_INPUT', `${name} is not a readable .zip archive: ${detail}`, {
    fix: `${REPACK}, or copy it again.`,
    file: name,
    cause,
  });
}
