/** @file What names of folders and of annotations say of the split. */
import { lastPart, pathBelow } from './file-names.ts';

/** The split that a word means; `validation` is trained with where there is a test split. */
export type SplitWord = 'train' | 'validation' | 'test';

const SPLIT_WORDS: readonly (readonly [RegExp, SplitWord])[] = [
  [/^(train|training)(set|data|images)?$/, 'train'],
  [/^(val|valid|validation)(set|data|images)?$/, 'validation'],
  [/^(test|testing|eval)(set|data|images)?$/, 'test'],
];

function meaningOf(word: string): SplitWord | null {
  return SPLIT_WORDS.find(([pattern]) => pattern.test(word))?.[1] ?? null;
}

/** The last word in a name that means one: `instances_train2017.json` is `train`. */
export function splitWordIn(name: string): SplitWord | null {
  const words = name.toLowerCase().split(/[^a-z]+/);
  return words.reverse().map(meaningOf).find(isSplit) ?? null;
}

/** Of a folder that is named after a split and nothing else: `Train`, `test_set`; a category may be called `test rig`. */
export function splitNamed(folder: string): SplitWord | null {
  return meaningOf(folder.toLowerCase().replaceAll(/[\s\d._-]+/g, ''));
}

/**
 * Of the folders that a file lies in, the innermost that means one. Its own name says nothing (`train_wheel_01.jpg`), and
 * neither do the folders that all files share.
 */
export function splitOfFolders(path: string, root: string): SplitWord | null {
  const folders = (pathBelow(path, root) ?? path).split('/').slice(0, -1);
  return folders.reverse().map(splitWordIn).find(isSplit) ?? null;
}

/** Of a file that lists images: its name counts too. */
export function splitOfAnnotation(path: string, root: string): SplitWord | null {
  return splitWordIn(lastPart(path)) ?? splitOfFolders(path, root);
}

function isSplit(word: SplitWord | null): word is SplitWord {
  return word !== null;
}
