/** @file A failure as people read it: what is wrong, where, and how to fix it. */
import type { ErrorBody } from '@plumbline/contracts';
import { CircleAlert } from 'lucide-react';

interface ErrorNoticeProps {
  error: ErrorBody;
  title?: string;
}

export function ErrorNotice({ error, title }: ErrorNoticeProps) {
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-bad bg-bad-soft p-4 text-sm">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-bad" />
      <div className="min-w-0 space-y-1.5">
        {title ? <p className="font-semibold">{title}</p> : null}
        <p className="font-medium">{error.message}</p>
        {error.file ? (
          <p>
            File: <code className="font-mono break-all">{error.file}</code>
          </p>
        ) : null}
        {error.fix ? <p>What to do: {error.fix}</p> : null}
      </div>
    </div>
  );
}
