/**
 * @file Training images of a dataset version that may not belong: looked for before anything is trained, each shown with
 * where it differs, and decided on.
 */
'use client';

import { lookedThrough, lookedThroughWords, type SuspectReview } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMay } from '~/components/access/caller.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { SearchControl } from './search-control.tsx';
import { SuspectDecisions } from './suspect-decisions.tsx';

interface SuspectReviewCardProps {
  initial: SuspectReview;
  /** Whether it is the latest version, which another one can be made of. */
  isLatest: boolean;
}

export function SuspectReviewCard({ initial, isLatest }: SuspectReviewCardProps) {
  const trpc = useTRPC();
  const mayDecide = useMay('engineer');
  const { dataset: name, version } = initial;
  const query = useQuery({
    ...trpc.suspects.review.queryOptions({ name, version }),
    initialData: initial,
    refetchOnMount: 'always',
    refetchInterval: (state) => (isActive(state.state.data?.latest?.status) ? 1000 : false),
  });
  const review = query.data;
  const again = () => void query.refetch();
  return (
    <div id="suspects" className="scroll-mt-4">
      <Card
        title="Training images that may not belong"
        description={lookedThroughWords(lookedThrough(review), version)}
      >
        <div className="space-y-5">
          {query.error ? <ErrorNotice error={errorBodyOf(query.error)} /> : null}
          {isLatest ? <SearchControl review={review} onChanged={again} /> : null}
          {review.suspects.length === 0 ? null : (
            <SuspectDecisions
              key={review.search?.id}
              review={review}
              canDecide={isLatest && mayDecide}
              onKept={again}
            />
          )}
        </div>
      </Card>
    </div>
  );
}
