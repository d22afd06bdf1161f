/** @file The public face of the API's types: `import type { AppRouter } from '@plumbline/api/router'`. */
export type { AppRouter } from './app-router.ts';
