/** @file A running import, followed until it ends; the page behind it refreshes when it does. */
'use client';

import type { DatasetImport, ErrorBody } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { useRefreshWhenDone } from '~/components/use-refresh-when-done.ts';
import { formatCount, formatPlural } from '~/format/format-number.ts';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

interface ImportProgressProps {
  initial: DatasetImport;
  /** What can be done about a failure, from here. */
  failedAction?: (error: ErrorBody) => ReactNode;
}

export function ImportProgress({ initial, failedAction }: ImportProgressProps) {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.datasets.importStatus.queryOptions({ id: initial.id }),
    initialData: initial,
    refetchInterval: (state) => (isActive(state.state.data?.status) ? 1000 : false),
  });
  const current = query.data;
  useRefreshWhenDone(isActive(current.status));

  if (query.error) return <ErrorNotice error={errorBodyOf(query.error)} />;
  if (current.status === 'failed' && current.error) {
    return (
      <div className="space-y-3">
        <ErrorNotice error={current.error} title={`“${current.name}” was not imported`} />
        {failedAction?.(current.error)}
      </div>
    );
  }
  if (current.status === 'succeeded') {
    const images = current.dataset?.images;
    const warnings = current.dataset?.report.warnings.length ?? 0;
    return (
      <p role="status">
        <TextLink href={`/datasets/${current.name}`}>{current.name}</TextLink> is imported
        {images === undefined ? '' : `: ${formatPlural(images, 'image')}`}
        {warnings === 0 ? '' : `, ${formatPlural(warnings, 'warning')} on its page`}.
      </p>
    );
  }
  if (current.status === 'cancelled') return <p role="status">The import was cancelled.</p>;
  return (
    <ProgressBar
      label={
        current.status === 'queued' ? `${current.name}: waiting` : `${current.name}: importing`
      }
      value={current.total ? current.checked / current.total : null}
      detail={
        current.total === null
          ? 'reading the layout'
          : `${formatCount(current.checked)} of ${formatPlural(current.total, 'file')}`
      }
    />
  );
}
