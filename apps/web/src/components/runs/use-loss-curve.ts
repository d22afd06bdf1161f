/** @file The losses of a run; while it is active only what has changed is asked for. */
'use client';

import { extendLossCurve, type LossCurve } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTRPCClient } from '~/trpc/client.tsx';

const ASK_EVERY_MS = 1500;

export function useLossCurve(runId: string, initial: LossCurve, active: boolean): LossCurve {
  const client = useTRPCClient();
  const known = useRef(initial);
  const query = useQuery({
    queryKey: ['loss-curve', runId],
    queryFn: async () => {
      const { bucketSteps, cursor } = known.current;
      const update = await client.runs.losses.query({ id: runId, bucketSteps, cursor });
      known.current = extendLossCurve(known.current, update);
      return known.current;
    },
    initialData: initial,
    refetchInterval: active ? ASK_EVERY_MS : false,
  });
  const { refetch } = query;
  // What was reported between the last question and the end.
  useEffect(() => {
    if (!active) void refetch();
  }, [active, refetch]);
  return query.data;
}
