/** @file Who looks at the page, and what is shown to whom. The API decides by itself; here nobody is offered what it refuses. */
'use client';

import { type Caller, isAtLeast, type Role, withArticle } from '@plumbline/contracts';
import { LockKeyhole } from 'lucide-react';
import { createContext, type ReactNode, useContext } from 'react';

const CallerContext = createContext<Caller | null>(null);

/** @param caller Null before signing in, and while the API is away. */
export function CallerProvider({
  caller,
  children,
}: {
  caller: Caller | null;
  children: ReactNode;
}) {
  return <CallerContext value={caller}>{children}</CallerContext>;
}

/** Whether whoever looks at the page may do what asks for this role. True while nobody knows: the API will say. */
export function useMay(least: Role): boolean {
  const caller = useContext(CallerContext);
  return caller === null || isAtLeast(caller.role, least);
}

interface ForRoleProps {
  least: Role;
  children: ReactNode;
  /** What takes the role, as in `Training`: others are told in its place. Nothing is in its place unless given. */
  what?: string;
}

export function ForRole({ least, children, what }: ForRoleProps) {
  if (useMay(least)) return children;
  return what === undefined ? null : <RoleNotice least={least} what={what} />;
}

function RoleNotice({ least, what }: { least: Role; what: string }) {
  const caller = useContext(CallerContext);
  return (
    <div className="flex gap-3 rounded-lg border border-line bg-sunken p-4 text-sm">
      <LockKeyhole aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-ink-soft" />
      <p className="min-w-0">
        {what} takes {withArticle(least)}
        {caller === null ? '.' : `; you are ${withArticle(caller.role)} (${caller.name}).`} An admin
        can give you that role under Access.
      </p>
    </div>
  );
}
