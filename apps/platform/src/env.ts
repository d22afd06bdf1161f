/** @file Where the platform lives, and what its processes are told. */

import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PlatformHome, platformHome } from '@plumbline/contracts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** `PLUMBLINE_HOME`, or `.plumbline` in the checkout. */
export function resolveHome(explicit?: string): PlatformHome {
  const chosen = explicit ?? process.env['PLUMBLINE_HOME'];
  return platformHome(
    resolve(chosen === undefined || chosen === '' ? join(ROOT, '.plumbline') : chosen),
  );
}

/** An external database; the embedded one when null. */
export function externalDatabaseUrl(): string | null {
  const url = process.env['DATABASE_URL'];
  return url === undefined || url === '' ? null : url;
}

export function environmentWith(additions: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...additions };
}

/** Ports that are tried first; taken ones are replaced by free ones. */
export function preferredPorts(): { api: number; web: number } {
  return {
    api: Number(process.env['PLUMBLINE_API_PORT'] ?? 4201),
    web: Number(process.env['PLUMBLINE_WEB_PORT'] ?? 4200),
  };
}
