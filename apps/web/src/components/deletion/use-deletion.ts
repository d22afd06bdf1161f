/** @file Asks what would go with something, and deletes exactly that. */
'use client';

import type { DeletionPlan, DeletionTarget } from '@plumbline/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTRPCClient } from '~/trpc/client.tsx';

type Client = ReturnType<typeof useTRPCClient>;

export function useDeletion(target: DeletionTarget, onDeleted: () => void) {
  const client = useTRPCClient();
  const plan = useQuery({
    queryKey: ['deletion', target],
    queryFn: () => ask(client, target),
    staleTime: 0,
    gcTime: 0,
    // Once it is deleted, the question is answered.
    refetchOnWindowFocus: false,
  });
  const deletion = useMutation({
    mutationFn: (seen: string) => remove(client, target, seen),
    onSuccess: onDeleted,
    // Something else stands in the way by now, or would go.
    onError: () => void plan.refetch(),
  });
  return { plan, deletion };
}

function ask(client: Client, target: DeletionTarget): Promise<DeletionPlan> {
  switch (target.kind) {
    case 'run':
      return client.runs.deletion.query({ id: target.id });
    case 'model':
      return client.models.deletion.query(named(target));
    case 'dataset':
      return client.datasets.deletion.query(named(target));
  }
}

function remove(client: Client, target: DeletionTarget, seen: string): Promise<DeletionPlan> {
  if (target.kind === 'run') return client.runs.delete.mutate({ id: target.id, seen });
  const { name, version } = target;
  const { models, datasets } = client;
  if (target.kind === 'model')
    return version === undefined
      ? models.delete.mutate({ name, seen })
      : models.deleteVersion.mutate({ name, version, seen });
  return version === undefined
    ? datasets.delete.mutate({ name, seen })
    : datasets.deleteVersion.mutate({ name, version, seen });
}

function named({ name, version }: { readonly name: string; readonly version?: number }) {
  return version === undefined ? { name } : { name, version };
}
