/** @file Whether this is `next dev`. Apart from `src/env.ts`, which only server components may import. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === 'development';
}
