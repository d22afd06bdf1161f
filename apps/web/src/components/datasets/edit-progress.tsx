/** @file The making of another dataset version, followed until it can be trained on. */
'use client';

import type { DatasetImport } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { newRunPath } from '~/format/api-paths.ts';
import { formatCount, formatPlural } from '~/format/format-number.ts';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

interface EditProgressProps {
  initial: DatasetImport;
  /** A run whose method, preset, backbone, seed and model the next one starts from. */
  trainLike?: string;
}

export function EditProgress({ initial, trainLike }: EditProgressProps) {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.datasets.importStatus.queryOptions({ id: initial.id }),
    initialData: initial,
    refetchInterval: (state) => (isActive(state.state.data?.status) ? 1000 : false),
  });
  const { name, status, error, dataset, checked, total } = query.data;
  if (query.error) return <ErrorNotice error={errorBodyOf(query.error)} />;
  if (status === 'failed' && error)
    return <ErrorNotice error={error} title={`“${name}” has no new version`} />;
  if (status === 'succeeded') {
    const version = dataset === null ? '' : ` ${dataset.datasetVersion}`;
    return (
      <p role="status" className="text-sm">
        <TextLink href={`/datasets/${name}`}>
          {name}
          {version}
        </TextLink>{' '}
        is ready.{' '}
        <TextLink href={newRunPath(name, trainLike)}>
          Train {trainLike === undefined ? 'on it' : 'again on it'}
        </TextLink>
      </p>
    );
  }
  if (status === 'cancelled') return <p role="status">The new version was cancelled.</p>;
  return (
    <ProgressBar
      label={status === 'queued' ? `${name}: waiting for a trainer` : `${name}: making a version`}
      value={total ? checked / total : null}
      detail={
        total === null
          ? 'reading the latest version'
          : `${formatCount(checked)} of ${formatPlural(total, 'image')}`
      }
    />
  );
}
