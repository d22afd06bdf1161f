/** @file How Next builds and serves the dashboard: no build-time data, no other host, no version banner. */
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';
import { sourcesHash } from './build-id.ts';
import { isDevelopment } from './src/mode/env.ts';

const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
];

/**
 * A worker has the policy of its own script, not the page's: the one that runs bundles compiles WebAssembly, and reaches
 * this origin alone.
 */
const workerPolicy = {
  key: 'Content-Security-Policy',
  value: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
};

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  transpilePackages: ['@plumbline/contracts'],
  typescript: { ignoreBuildErrors: false },
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  generateBuildId: async () => sourcesHash(fileURLToPath(new URL('.', import.meta.url))),
  headers: async () => [
    { source: '/:path*', headers: securityHeaders },
    ...(isDevelopment() ? [] : [{ source: '/_next/static/:path*', headers: [workerPolicy] }]),
  ],
};

export default config;
