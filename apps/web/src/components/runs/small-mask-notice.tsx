/** @file Says which categories have defects that nearly vanish at the image size and tiles that are chosen. */
'use client';

import { type Preprocessing, smallMaskLines } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { Notice } from '~/components/ui/notice.tsx';
import { useTRPC } from '~/trpc/client.tsx';

interface SmallMaskNoticeProps {
  dataset: string;
  prepared: Preprocessing;
}

export function SmallMaskNotice({ dataset, prepared }: SmallMaskNoticeProps) {
  const trpc = useTRPC();
  const query = useQuery(trpc.datasets.get.queryOptions({ name: dataset }));
  const lines = smallMaskLines(query.data?.report.categories ?? [], prepared);
  return (
    <div aria-live="polite">
      {lines.length > 0 ? (
        <Notice>
          <ul className="space-y-1">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </div>
  );
}
