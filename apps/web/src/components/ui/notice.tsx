/** @file A remark that needs attention but stops nothing. */
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

export function Notice({ children }: { children: ReactNode }) {
  return (
    <div className="flex gap-3 rounded-lg border border-warn bg-warn-soft p-4 text-sm">
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-warn" />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
