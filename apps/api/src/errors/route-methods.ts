/** @file Which methods an address has: another one is 405 with `Allow`, not 404. */
import type { FastifyInstance } from 'fastify';

export class RouteMethods {
  readonly #routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** Before any route is registered. */
  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ url, method }) => {
      this.#routes.push({ pattern: patternOf(url), methods: [method].flat() });
    });
  }

  /** Sorted; empty for an address that does not exist. @param url with or without a query */
  of(url: string): string[] {
    const path = url.replace(/[?#].*$/s, '');
    const found = this.#routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => methods))].sort();
  }
}

/** `/v1/models/:name/predict` matches any name; `*` matches the rest of the path. */
function patternOf(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*/g, '.*');
  return new RegExp(`^${source}$`);
}
