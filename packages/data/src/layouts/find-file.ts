/** @file Finds the files that tables and annotations name: by path, or by the end of a path or address from elsewhere. */
import { DomainError } from '@plumbline/contracts';
import { isSystemFile, lastPart } from './file-names.ts';
import { commonFolder, imagesIn } from './flat-entries.ts';
import type { LayoutSource } from './layout.ts';
import { type SplitWord, splitOfFolders } from './split-words.ts';

export interface Named {
  /** A path with slashes or backslashes, or an address (`s3://bucket/parts/1.png`). */
  readonly reference: string;
  /** Path of the file that holds the reference. */
  readonly near: string;
  /** In messages: that file, and the line. */
  readonly where: string;
  /** Of all that the naming file names: files in folders of another split are never meant. */
  readonly split?: SplitWord | null;
}

export class FileFinder {
  readonly #byName = new Map<string, string[]>();
  readonly #used = new Map<string, string>();
  /** Of all images: what it is called tells none of them from the others. */
  readonly #root: string;

  constructor(source: LayoutSource) {
    this.#root = commonFolder(imagesIn(source));
    for (const { path } of source.files) {
      if (isSystemFile(path)) continue;
      const name = keyOf(lastPart(path));
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [path]);
      else same.push(path);
    }
  }

  /**
   * How many of their first folders these references have that the source has not: those of a bucket, or of the disk that
   * they were written on. They all lack the same ones, so that one whose file is missing finds no other file.
   */
  foreignFolders(references: readonly string[]): number {
    let least = Number.POSITIVE_INFINITY;
    for (const reference of references) {
      const wanted = segmentsOf(reference);
      for (const path of this.#called(wanted)) {
        const own = segmentsOf(path);
        let tail = 0;
        while (tail < wanted.length && own.at(-1 - tail) === wanted.at(-1 - tail)) tail++;
        least = Math.min(least, wanted.length - tail);
      }
    }
    return Number.isFinite(least) ? least : 0;
  }

  /**
   * The file that ends as the reference does, once for each file. Of several the one with most folders in common with what
   * names it; never one of another split.
   * @param foreign Of the references' first folders, those that the source has not
   * @throws DomainError INVALID_INPUT for a file that is not there, may be one of several, or was taken before
   */
  take({ reference, near, where, split = null }: Named, foreign = 0): string {
    const wanted = segmentsOf(reference).slice(foreign);
    const ranked = this.#called(wanted)
      .filter((path) => endsWith(segmentsOf(path), wanted) && !this.#isOfOther(split, path))
      .map((path) => ({ path, shared: sharedFolders(path, near) }))
      .sort((a, b) => b.shared - a.shared);
    const [first, second] = ranked;
    const bad = (what: string, fix: string) =>
      new DomainError('INVALID_INPUT', `${where}: ${what}.`, { file: near, fix });
    if (first === undefined)
      throw bad(`there is no file ${reference}`, 'Add it, or remove what names it.');
    if (first.shared === second?.shared)
      throw bad(`${reference} may be ${first.path} or ${second.path}`, 'Name it with its folders.');
    const before = this.#used.get(first.path);
    if (before !== undefined)
      throw bad(`${reference} is named already (${before})`, 'Name each image and mask once.');
    this.#used.set(first.path, where);
    return first.path;
  }

  /** `instances_test.json` names no file of a folder `train`. */
  #isOfOther(split: SplitWord | null, path: string): boolean {
    const own = splitOfFolders(path, this.#root);
    return own !== null && split !== null && own !== split;
  }

  #called(wanted: readonly string[]): readonly string[] {
    return this.#byName.get(wanted.at(-1) ?? '') ?? [];
  }
}

function endsWith(path: readonly string[], wanted: readonly string[]): boolean {
  return (
    path.length >= wanted.length &&
    wanted.every((name, at) => path[path.length - wanted.length + at] === name)
  );
}

function sharedFolders(path: string, near: string): number {
  const a = segmentsOf(path);
  const b = segmentsOf(near).slice(0, -1);
  const end = b.findIndex((folder, at) => a[at] !== folder);
  return end < 0 ? b.length : end;
}

function segmentsOf(path: string): string[] {
  return path
    .replace(/^[a-z0-9+.-]+:\/\//i, '')
    .replaceAll('\\', '/')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .map(keyOf);
}

function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
