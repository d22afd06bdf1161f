/** @file Says which categories have defects that nearly vanish at the image size that is chosen. */
'use client';

import { useQuery } from '@tanstack/react-query';
import { Notice } from '~/components/ui/notice.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { smallMaskLines } from './small-mask-lines.ts';

interface SmallMaskNoticeProps {
  dataset: string;
  imageSizePx: number;
}

export function SmallMaskNotice({ dataset, imageSizePx }: SmallMaskNoticeProps) {
  const trpc = useTRPC();
  const query = useQuery(trpc.datasets.get.queryOptions({ name: dataset }));
  const lines = smallMaskLines(query.data?.report.categories ?? [], imageSizePx);
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
