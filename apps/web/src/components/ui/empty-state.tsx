/** @file What stands where nothing is yet: what this place is for, and what to do next. */
import type { ReactNode } from 'react';
import { PlumbBob } from './plumb-bob.tsx';

interface EmptyStateProps {
  title: string;
  children: ReactNode;
  actions?: ReactNode;
}

export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center rounded-lg border border-line border-dashed bg-surface px-6 pb-12 text-center">
      <PlumbBob className="h-20 w-8 text-accent" />
      <h2 className="mt-4 text-lg font-semibold">{title}</h2>
      <p className="mt-2 max-w-prose text-ink-soft">{children}</p>
      {actions ? <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
