/** @file Where to go after signing in: a page of the dashboard, and nowhere else. */

export function localPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !/^\/(?![/\\])/.test(wanted)) return '/';
  const base = 'http://dashboard.invalid';
  if (!URL.canParse(wanted, base)) return '/';
  const { origin, pathname, search } = new URL(wanted, base);
  return origin === base && !pathname.startsWith('//') ? `${pathname}${search}` : '/';
}
