/** @file Log lines collected from successive answers, each line once. */
'use client';

import type { RunLogLine } from '@plumbline/contracts';
import { useCallback, useState } from 'react';

export interface GrowingLog {
  readonly lines: RunLogLine[];
  readonly lastId: number | null;
  readonly append: (more: RunLogLine[]) => void;
}

export function useGrowingLog(initial: RunLogLine[]): GrowingLog {
  const [lines, setLines] = useState(initial);
  const append = useCallback((more: RunLogLine[]) => {
    setLines((known) => {
      const last = known.at(-1)?.id ?? Number.NEGATIVE_INFINITY;
      const fresh = more.filter((line) => line.id > last);
      return fresh.length === 0 ? known : [...known, ...fresh];
    });
  }, []);
  return { lines, lastId: lines.at(-1)?.id ?? null, append };
}
