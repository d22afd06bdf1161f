/** @file The sections of the dashboard, in the order in which people use them. */
'use client';

import { usePathname } from 'next/navigation';

export const SECTIONS = [
  { href: '/', label: 'Overview' },
  { href: '/datasets', label: 'Datasets' },
  { href: '/runs', label: 'Runs' },
  { href: '/models', label: 'Models' },
  { href: '/leaderboards', label: 'Leaderboards' },
  { href: '/inspect', label: 'Inspect' },
] as const;

export function useIsCurrent(): (href: string) => boolean {
  const pathname = usePathname();
  return (href) => pathname === href || (href !== '/' && pathname.startsWith(`${href}/`));
}
