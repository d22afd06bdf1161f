/** @file Tables that scroll inside their own box, which the keyboard can reach. */
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

export function TableBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="relative overflow-x-auto rounded-md border border-line"
    >
      <table className="w-full border-collapse bg-surface text-sm">{children}</table>
    </section>
  );
}

export function Th({ className, scope = 'col', ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope={scope}
      className={classNames(
        'border-line border-b px-3 py-2 text-left font-medium whitespace-nowrap',
        scope === 'col' && 'bg-sunken text-ink-soft',
        className,
      )}
      {...props}
    />
  );
}

export function Td({ className, ...props }: ComponentProps<'td'>) {
  return (
    <td
      className={classNames(
        'border-line border-b px-3 py-2 align-middle whitespace-nowrap',
        className,
      )}
      {...props}
    />
  );
}

export const numeric = 'text-right';
