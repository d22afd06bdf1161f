/** @file The header of every page: the mark, the sections, who has access, the theme, the way out where one has to sign in. */
'use client';

import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { PlumbBob } from '~/components/ui/plumb-bob.tsx';
import { NavMenu } from './nav-menu.tsx';
import { SECTIONS, useIsCurrent } from './sections.ts';
import { ThemeToggle } from './theme-toggle.tsx';

export function SiteHeader({ canSignOut }: { canSignOut: boolean }) {
  const isCurrent = useIsCurrent();
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-surface">
      <div className="mx-auto flex h-14 max-w-7xl items-center gap-3 px-4 sm:px-6">
        <Link
          href="/"
          className="flex h-full items-start gap-2.5 pr-2 font-semibold tracking-tight"
        >
          <PlumbBob className="h-12 w-4 text-accent" />
          <span className="self-center text-lg">Plumbline</span>
        </Link>
        <nav aria-label="Main" className="hidden h-full md:block">
          <ul className="flex h-full items-stretch gap-1">
            {SECTIONS.map((section) => (
              <li key={section.href} className="flex">
                <Link
                  href={section.href}
                  aria-current={isCurrent(section.href) ? 'page' : undefined}
                  className="flex items-center border-transparent border-y-2 px-3 text-sm text-ink-soft hover:text-ink aria-[current=page]:border-b-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
                >
                  {section.label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="ml-auto flex items-center gap-1">
          {canSignOut && !isCurrent('/sign-in') ? <SignOut /> : null}
          <Link
            href="/access"
            aria-label="Access: API keys, people, audit log"
            title="Access"
            aria-current={isCurrent('/access') ? 'page' : undefined}
            className="rounded-md p-2 text-ink-soft hover:bg-sunken hover:text-ink aria-[current=page]:text-accent"
          >
            <KeyRound aria-hidden="true" className="size-5" />
          </Link>
          <ThemeToggle />
          <NavMenu />
        </div>
      </div>
    </header>
  );
}

/** A form of its own: it works before React has taken over. */
function SignOut() {
  return (
    <form action="/session" method="post">
      <input type="hidden" name="leave" value="true" />
      <button
        type="submit"
        className="min-h-10 whitespace-nowrap rounded-md px-2 text-ink-soft text-sm hover:text-ink"
      >
        Sign out
      </button>
    </form>
  );
}
