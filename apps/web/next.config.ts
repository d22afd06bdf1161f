/** @file How Next builds and serves the dashboard: no build-time data, no other host, no version banner. */
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';
import { sourcesHash } from './build-id.ts';

const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  transpilePackages: ['@plumbline/contracts'],
  typescript: { ignoreBuildErrors: false },
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  generateBuildId: async () => sourcesHash(fileURLToPath(new URL('.', import.meta.url))),
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
};

export default config;
