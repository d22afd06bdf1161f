/** @file The latest batches, followed live. */
'use client';

import type { Batch } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { Card } from '~/components/ui/card.tsx';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { BatchItem } from './batch-item.tsx';

const [BUSY_MS, QUIET_MS] = [1_000, 10_000];

export function BatchList({ initial }: { initial: Batch[] }) {
  const trpc = useTRPC();
  const { data, refetch } = useQuery({
    ...trpc.batches.list.queryOptions(),
    initialData: initial,
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => isActive(status)) ? BUSY_MS : QUIET_MS,
  });
  return (
    <Card title="Latest batches">
      {data.length === 0 ? (
        <p className="text-ink-soft text-sm">
          There is none yet. Once you start one, its progress and results are here.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {data.map((batch) => (
            <li key={batch.id} className="py-4 first:pt-0 last:pb-0">
              <BatchItem batch={batch} onChanged={() => void refetch()} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
