/** @file Run lengths of COCO: counts of 0 and 1 in turn, down the columns, as numbers or packed into text (pycocotools, `rleFrString`). */
import { DomainError } from '@plumbline/contracts';
import type { ColumnRuns } from './mask-source.ts';

interface Packed {
  /** Height, width. */
  readonly size: readonly [number, number];
  readonly counts: readonly number[] | string;
}

interface Annotated {
  readonly file: string;
  /** In messages: the image in the file. */
  readonly where: string;
  readonly width: number;
  readonly height: number;
}

/** @throws DomainError INVALID_INPUT for runs that do not make up the image */
export function runsOf(packed: Packed, { file, where, width, height }: Annotated): ColumnRuns {
  const { size, counts: given } = packed;
  const counts = typeof given === 'string' ? unpack(given) : given;
  const pixels = counts.reduce((sum, count) => sum + count, 0);
  const isWhole = size[0] === height && size[1] === width && pixels === width * height;
  if (isWhole && counts.every((count) => count >= 0)) return { counts };
  throw new DomainError('INVALID_INPUT', `${where}: its run lengths do not make up the image.`, {
    fix: 'Export the annotations again.',
    file,
  });
}

/** Base of the printable characters, bits of a number in each, and the mark that another follows. */
const FIRST = 48;
const BITS = 5;
const FOLLOWS = 0x20;
const NEGATIVE = 0x10;
/** Characters of a number of 32 bits. */
const LONGEST = 7;

/** From the fourth number on, each is what it adds to the one two before. */
function unpack(text: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let places = 0;
    let code: number;
    do {
      code = text.charCodeAt(at++) - FIRST;
      value += (code & 0x1f) * 2 ** (BITS * places++);
    } while ((code & FOLLOWS) !== 0 && at < text.length && places < LONGEST);
    if ((code & NEGATIVE) !== 0) value -= 2 ** (BITS * places);
    counts.push(counts.length > 2 ? value + counts[counts.length - 2]! : value);
  }
  return counts;
}
