/** @file Components of one kind, each state under its name. */
import type { ReactNode } from 'react';

export function StateGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-4 border-line border-b pb-1 font-semibold text-lg">{title}</h2>
      <div className="space-y-6">{children}</div>
    </section>
  );
}

export function State({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <p className="mb-1.5 font-mono text-ink-soft text-xs">{name}</p>
      {children}
    </div>
  );
}
