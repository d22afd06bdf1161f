/** @file Imports that run, or failed and were not fixed since; followed live. */
'use client';

import type { DatasetImport } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { Card } from '~/components/ui/card.tsx';
import { formatMoment } from '~/format/format-time.ts';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { ImportProgress } from './import-progress.tsx';

const SHOWN = 3;

export function RecentImports({ initial }: { initial: DatasetImport[] }) {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.datasets.imports.queryOptions(),
    initialData: initial,
    refetchInterval: 4000,
  });
  const arrived = new Set(
    query.data.filter((one) => one.status === 'succeeded').map((one) => one.name),
  );
  const shown = query.data
    .filter((one) => isActive(one.status) || (one.status === 'failed' && !arrived.has(one.name)))
    .slice(0, SHOWN);
  if (shown.length === 0) return null;
  return (
    <Card title="Imports" className="mb-6">
      <ul className="space-y-4">
        {shown.map((one) => (
          <li key={one.id} className="space-y-1">
            <ImportProgress initial={one} />
            <p className="text-xs text-ink-soft">{formatMoment(one.createdAt)}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
