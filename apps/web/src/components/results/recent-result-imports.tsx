/** @file The latest imports of results on a dataset, followed live. */
'use client';

import type { ResultImport } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { Card } from '~/components/ui/card.tsx';
import { StatusBadge } from '~/components/ui/status-badge.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatMoment } from '~/format/format-time.ts';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { ResultImportBar } from './result-import-bar.tsx';

const SHOWN = 5;

interface RecentResultImportsProps {
  dataset: string;
  initial: ResultImport[];
}

export function RecentResultImports({ dataset, initial }: RecentResultImportsProps) {
  const trpc = useTRPC();
  const { data } = useQuery({
    ...trpc.results.imports.queryOptions({ dataset }),
    initialData: initial,
    refetchInterval: 4000,
  });
  if (data.length === 0) return null;
  return (
    <Card title="Latest imports">
      <ul className="space-y-4 text-sm">
        {data.slice(0, SHOWN).map((one) => (
          <li key={one.id} className="space-y-1">
            <Outcome one={one} />
            <p className="text-ink-soft text-xs">{formatMoment(one.createdAt)}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Outcome({ one }: { one: ResultImport }) {
  const { model, modelVersion, status, error } = one;
  if (isActive(status)) return <ResultImportBar current={one} />;
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        {modelVersion === null ? (
          <span className="font-medium">{model}</span>
        ) : (
          <TextLink href={`/models/${model}?version=${modelVersion}`}>
            {model} v{modelVersion}
          </TextLink>
        )}
        <StatusBadge status={status} />
      </p>
      {error === null ? null : (
        <p className="break-words">
          {error.message}
          {error.fix === null ? null : <span className="text-ink-soft"> {error.fix}</span>}
        </p>
      )}
    </>
  );
}
