/** @file Light, dark or as the system has it. */
'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { PlainButton } from '~/components/ui/button.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const ICONS = { system: Monitor, light: Sun, dark: Moon };

export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  // The server does not know the choice; the icon appears once the browser has told.
  const inBrowser = useInBrowser();
  const current: Theme = inBrowser
    ? (THEMES.find((known) => known === theme) ?? 'system')
    : 'system';
  const next = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? 'system';
  const Icon = ICONS[current];
  return (
    <PlainButton
      onClick={() => setTheme(next)}
      aria-label={`Theme: ${current}. Switch to ${next}`}
      title={`Theme: ${current}`}
      className="rounded-md p-2 text-ink-soft hover:bg-sunken hover:text-ink"
    >
      <Icon aria-hidden="true" className="size-5" />
    </PlainButton>
  );
}
