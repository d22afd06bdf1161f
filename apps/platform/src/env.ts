/** @file Where the platform lives, and what its processes are told. */

import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  isLoopbackName,
  type PlatformHome,
  platformHome,
  platformKeyOf,
  type StoreSetting,
  storeSettingOf,
} from '@plumbline/contracts';

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

/** `PLUMBLINE_STORE`. */
export function storeSetting(): StoreSetting {
  return storeSettingOf(process.env);
}

export function environmentWith(additions: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...additions };
}

/** Of libuv, unless it is set: a trainer waits for the disk with many files at once, while it decodes images beside. */
export function fileThreads(): Record<string, string> {
  return { UV_THREADPOOL_SIZE: process.env['UV_THREADPOOL_SIZE'] ?? '48' };
}

/** Ports that are tried first; taken ones are replaced by free ones. */
export function preferredPorts(): { api: number; web: number } {
  return {
    api: Number(process.env['PLUMBLINE_API_PORT'] ?? 4201),
    web: Number(process.env['PLUMBLINE_WEB_PORT'] ?? 4200),
  };
}

/** `PLUMBLINE_HOST`: the address that API and dashboard listen on, and the one at which this machine reaches them. */
export function listenAddress(): { host: string; urlHost: string } {
  const host = process.env['PLUMBLINE_HOST']?.trim() || '127.0.0.1';
  if (host === '0.0.0.0') return { host, urlHost: '127.0.0.1' };
  if (host === '::') return { host, urlHost: '[::1]' };
  return { host, urlHost: host.includes(':') ? `[${host}]` : host };
}

/** Whether other machines may ask, and no key is set that an admin would have. */
export function mayBeReached(): boolean {
  if (platformKeyOf(process.env['PLUMBLINE_API_KEY']) !== null) return false;
  return (
    (process.env['PLUMBLINE_ALLOWED_HOSTS']?.trim() ?? '') !== '' ||
    !isLoopbackName(listenAddress().host)
  );
}
