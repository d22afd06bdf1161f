/** @file A range of values as somebody writes it into a field. */
import { DomainError, parseValueRange, type ValueRange } from '@plumbline/contracts';

export interface RangeText {
  /** Absent where nothing is written, or nothing that can be read. */
  readonly range: ValueRange | undefined;
  readonly problem: string | null;
}

export function readRangeText(text: string): RangeText {
  if (text.trim() === '') return { range: undefined, problem: null };
  try {
    return { range: parseValueRange(text), problem: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { range: undefined, problem: `${error.message} ${error.fix ?? ''}` };
  }
}
