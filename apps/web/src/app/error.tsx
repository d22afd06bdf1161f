/** @file A page that failed for a reason nobody foresaw. */
'use client';

import { Button } from '~/components/ui/button.tsx';

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <div className="space-y-4 py-6">
      <h1 className="text-2xl font-semibold">This page could not be shown</h1>
      <p role="alert" className="max-w-prose text-ink-soft">
        This is a bug in Plumbline. Trying again may help. The log of the dashboard has the details
        {error.digest ? ` under ${error.digest}` : ''}.
      </p>
      <Button onClick={reset}>Try again</Button>
    </div>
  );
}
