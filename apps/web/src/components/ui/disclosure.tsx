/** @file Something that is there for whoever wants it, closed at first. */
import type { ReactNode } from 'react';

export function Disclosure({ summary, children }: { summary: string; children: ReactNode }) {
  return (
    <details className="mt-3 text-sm">
      <summary className="cursor-pointer text-ink-soft underline-offset-4 hover:underline">
        {summary}
      </summary>
      <div className="mt-2">{children}</div>
    </details>
  );
}
