/** @file The log of a run, each line once; while the run is active only new lines are asked for. */
'use client';

import type { RunLogLine } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '~/trpc/client.tsx';
import { useGrowingLog } from './use-growing-log.ts';

const ASK_EVERY_MS = 1500;

export function useRunLog(runId: string, initial: RunLogLine[], active: boolean): RunLogLine[] {
  const { lines, lastId, append } = useGrowingLog(initial);
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.runs.logs.queryOptions({ id: runId, ...(lastId === null ? {} : { after: lastId }) }),
    refetchInterval: active ? ASK_EVERY_MS : false,
  });
  useEffect(() => {
    if (query.data) append(query.data);
  }, [query.data, append]);
  const { refetch } = query;
  // What was written between the last question and the end.
  useEffect(() => {
    if (!active) void refetch();
  }, [active, refetch]);
  return lines;
}
