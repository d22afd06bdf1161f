/** @file Addresses of the API. */

export type QueryValue = string | number | boolean | undefined;

export function queryOf(values: Readonly<Record<string, QueryValue>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query}`;
}

export function address(parts: TemplateStringsArray, ...names: readonly string[]): string {
  return String.raw(parts, ...names.map((name) => encodeURIComponent(name)));
}
