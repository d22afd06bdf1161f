/** @file How long the run that the form describes would take, or why it can't be trained: said before it is started. */
'use client';

import { describeCoverage, describeEstimate, type StartTrainingInput } from '@plumbline/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPCClient } from '~/trpc/client.tsx';

/** Of a complete form; nothing is asked for while it has a fault. */
export function useEstimate(input: StartTrainingInput | null) {
  const client = useTRPCClient();
  return useQuery({
    // The name of the model changes nothing.
    queryKey: ['estimate', { ...input, model: undefined }],
    queryFn: () => (input === null ? null : client.runs.estimate.mutate(input)),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function RunEstimateNote({ estimate }: { estimate: ReturnType<typeof useEstimate> }) {
  const { data, isPending, isError } = estimate;
  if (isError) return null;
  if (data === null || data === undefined)
    return isPending ? (
      <p className="text-sm text-ink-soft">Estimating how long it takes …</p>
    ) : null;
  return (
    <p role="status" className="text-sm">
      Takes <span className="font-medium">{describeEstimate(data)}</span>, once a trainer is free.{' '}
      {describeCoverage(data.coverage)}
    </p>
  );
}
