/** @file In the training form: whether the images were looked through for ones that don’t belong, and how many are undecided. */
'use client';

import { lookedThrough, lookedThroughWords } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { Notice } from '~/components/ui/notice.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { suspectsPath } from '~/format/api-paths.ts';
import { useTRPC } from '~/trpc/client.tsx';

export function SuspectNotice({ dataset }: { dataset: string }) {
  const trpc = useTRPC();
  // What was decided on the page of the dataset a moment ago is to show.
  const query = useQuery({
    ...trpc.suspects.review.queryOptions({ name: dataset }),
    refetchOnMount: 'always',
  });
  const review = query.data;
  if (review === undefined) return <div aria-live="polite" />;
  const words = lookedThroughWords(lookedThrough(review), review.version);
  const link = (label: string) => <TextLink href={suspectsPath(dataset)}>{label}</TextLink>;
  return (
    <div aria-live="polite" className="text-sm">
      {review.undecided > 0 ? (
        <Notice>
          {words} You can train all the same. {link('Decide on them')}
        </Notice>
      ) : (
        <p className="text-ink-soft">
          {words} {link(review.search === null ? 'Look through them' : 'See them')}
        </p>
      )}
    </div>
  );
}
