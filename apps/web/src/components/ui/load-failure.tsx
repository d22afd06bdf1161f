/** @file A page whose data did not come. */
'use client';

import type { ErrorBody } from '@plumbline/contracts';
import { useRouter } from 'next/navigation';
import { Button } from './button.tsx';
import { ErrorNotice } from './error-notice.tsx';

export function LoadFailure({ error, title }: { error: ErrorBody; title: string }) {
  const router = useRouter();
  return (
    <div className="space-y-5">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <ErrorNotice error={error} />
      <Button onClick={() => router.refresh()}>Try again</Button>
    </div>
  );
}
