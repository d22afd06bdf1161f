/** @file The heading of a page: where it is, what it is, what can be done. */
import Link from 'next/link';
import type { ReactNode } from 'react';

interface PageHeaderProps {
  title: string;
  /** The page above this one. */
  parent?: { href: string; label: string };
  description?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, parent, description, actions }: PageHeaderProps) {
  return (
    <div className="mb-7 flex flex-wrap items-end justify-between gap-4">
      <div className="min-w-0">
        {parent ? (
          <nav aria-label="Breadcrumb" className="mb-1 text-sm">
            <Link
              href={parent.href}
              className="text-accent underline-offset-4 hover:underline focus-visible:underline"
            >
              {parent.label}
            </Link>
            <span aria-hidden="true" className="px-1.5 text-ink-soft">
              /
            </span>
          </nav>
        ) : null}
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {description ? <p className="mt-1.5 max-w-3xl text-ink-soft">{description}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}
