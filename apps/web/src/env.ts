/** @file The dashboard's environment, read when a request needs it and never at build time. Empty means unset. */
import { z } from 'zod';

const unsetWhenEmpty = (value: unknown) => (value === '' ? undefined : value);

const envSchema = z.object({
  /** Where the API listens, seen from this server. */
  PLUMBLINE_API_URL: z.preprocess(unsetWhenEmpty, z.url().default('http://127.0.0.1:4201')),
  /** Sent with every request to the API; the browser never sees it. */
  PLUMBLINE_API_KEY: z.preprocess(unsetWhenEmpty, z.string().trim().optional()),
  /** Host names, separated by commas, that are answered beside this machine's own. */
  PLUMBLINE_ALLOWED_HOSTS: z.string().default(''),
});

export interface WebEnv {
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly apiKey: string | null;
  /** In lower case. */
  readonly allowedHosts: readonly string[];
}

export function readEnv(): WebEnv {
  const env = envSchema.parse(process.env);
  return {
    apiUrl: env.PLUMBLINE_API_URL.replace(/\/+$/, ''),
    apiKey: env.PLUMBLINE_API_KEY ?? null,
    allowedHosts: env.PLUMBLINE_ALLOWED_HOSTS.split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
  };
}
