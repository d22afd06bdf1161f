/** @file Facts: a definition list, and a large figure that leads somewhere. */
import Link from 'next/link';
import type { ReactNode } from 'react';

export function StatLink({ label, value, href }: { label: string; value: string; href: string }) {
  return (
    <Link
      href={href}
      className="flex flex-col rounded-lg border border-line bg-surface p-4 transition-colors hover:border-accent"
    >
      <span className="text-2xl font-semibold">{value}</span>
      <span className="text-sm text-ink-soft">{label}</span>
    </Link>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,14rem),1fr))] gap-x-8 gap-y-3 text-sm">
      {children}
    </dl>
  );
}

export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-soft">{term}</dt>
      <dd className="break-words font-medium">{children}</dd>
    </div>
  );
}
