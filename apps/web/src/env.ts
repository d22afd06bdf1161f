/** @file The dashboard's environment, read when a request needs it and never at build time. Empty means unset. */
import { isLoopbackName, platformKeyOf } from '@plumbline/contracts';
import { z } from 'zod';

const unsetWhenEmpty = (value: unknown) => (value === '' ? undefined : value);

const envSchema = z.object({
  /** Where the API listens, seen from this server. */
  PLUMBLINE_API_URL: z.preprocess(unsetWhenEmpty, z.url().default('http://127.0.0.1:4201')),
  /** An admin's. Sent to the API for whoever has entered it; the browser never sees it. */
  PLUMBLINE_API_KEY: z.string().optional(),
  /** Host names, separated by commas, that are answered beside this machine's own. */
  PLUMBLINE_ALLOWED_HOSTS: z.string().default(''),
  /** The address that the platform listens on. */
  PLUMBLINE_HOST: z.preprocess(unsetWhenEmpty, z.string().default('127.0.0.1')),
});

export interface WebEnv {
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly apiKey: string | null;
  /** In lower case. */
  readonly allowedHosts: readonly string[];
  /** Whether browsers on this machine have to sign in as well: wherever others may reach the platform, or a key is set. */
  readonly needsSignIn: boolean;
}

export function readEnv(): WebEnv {
  const env = envSchema.parse(process.env);
  const apiKey = platformKeyOf(env.PLUMBLINE_API_KEY);
  const allowedHosts = namesOf(env.PLUMBLINE_ALLOWED_HOSTS);
  const isLocal = isLoopbackName(env.PLUMBLINE_HOST);
  return {
    apiUrl: env.PLUMBLINE_API_URL.replace(/\/+$/, ''),
    apiKey,
    allowedHosts: isLocal ? allowedHosts : [...allowedHosts, env.PLUMBLINE_HOST.toLowerCase()],
    needsSignIn: apiKey !== null || allowedHosts.length > 0 || !isLocal,
  };
}

function namesOf(list: string): string[] {
  const names = list.split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '');
}
