/** @file The frame of every page: skip link, header, main. Nothing is rendered at build time. */
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';
import { CallerProvider } from '~/components/access/caller.tsx';
import { SiteHeader } from '~/components/layout/site-header.tsx';
import { readEnv } from '~/env.ts';
import { ApiProvider } from '~/trpc/client.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';

export const metadata: Metadata = {
  title: { default: 'Plumbline', template: '%s · Plumbline' },
  description: 'Visual anomaly detection: datasets, training, leaderboards and inspection.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f6f3' },
    { media: '(prefers-color-scheme: dark)', color: '#121516' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  const caller = await load(api().keys.me.query());
  return (
    <html lang="en" suppressHydrationWarning>
      <body className="min-h-dvh font-sans antialiased">
        <ThemeProvider attribute="class" defaultTheme="system" enableSystem nonce={nonce}>
          <ApiProvider>
            <CallerProvider caller={caller.ok ? caller.data : null}>
              <a
                href="#content"
                className="sr-only z-50 rounded-md bg-accent px-4 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
              >
                Skip to content
              </a>
              <SiteHeader canSignOut={readEnv().needsSignIn} />
              <main
                id="content"
                tabIndex={-1}
                className="mx-auto max-w-7xl px-4 py-8 outline-none sm:px-6"
              >
                {children}
              </main>
            </CallerProvider>
          </ApiProvider>
        </ThemeProvider>
      </body>
    </html>
  );
}
