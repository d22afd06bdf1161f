/** @file The sections on a narrow screen: a menu. */
'use client';

import { Menu } from 'lucide-react';
import Link from 'next/link';
import { DropdownMenu } from 'radix-ui';
import { SECTIONS, useIsCurrent } from './sections.ts';

export function NavMenu() {
  const isCurrent = useIsCurrent();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label="Menu"
        className="rounded-md p-2 text-ink hover:bg-sunken md:hidden"
      >
        <Menu aria-hidden="true" className="size-5" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={8}
          className="z-50 min-w-48 rounded-lg border border-line bg-surface p-1.5 shadow-lg"
        >
          {SECTIONS.map((section) => (
            <DropdownMenu.Item key={section.href} asChild>
              <Link
                href={section.href}
                aria-current={isCurrent(section.href) ? 'page' : undefined}
                className="block rounded-md px-3 py-2.5 text-ink outline-none data-highlighted:bg-sunken aria-[current=page]:font-semibold aria-[current=page]:text-accent"
              >
                {section.label}
              </Link>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
