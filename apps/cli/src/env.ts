/** @file The command line's settings from the environment. */

function value(name: string): string | null {
  const found = process.env[name];
  return found === undefined || found === '' ? null : found;
}

/** Another platform's API, in place of the one of this machine. */
export function apiAddress(): string | null {
  return value('PLUMBLINE_API_URL')?.replace(/\/+$/, '') ?? null;
}

export function apiKey(): string | null {
  return value('PLUMBLINE_API_KEY');
}
