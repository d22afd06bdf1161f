/** @file A sheet of surface, with an optional heading. */
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface CardProps {
  title?: string;
  /** Shown to the right of the heading. */
  actions?: ReactNode;
  /** A sentence under the heading. */
  description?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Card({ title, actions, description, className, children }: CardProps) {
  const frame = classNames('min-w-0 rounded-lg border border-line bg-surface p-5', className);
  if (title === undefined) return <div className={frame}>{children}</div>;
  return (
    <section aria-label={title} className={frame}>
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-base font-semibold">{title}</h2>
          {description ? <p className="mt-1 text-sm text-ink-soft">{description}</p> : null}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
