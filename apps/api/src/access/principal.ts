/** @file Who is asking. Nobody else gets past `access-hook.ts`. */

/** `key`: sent the API key. `loopback`: runs on this machine, and no key is set. */
export interface Principal {
  readonly kind: 'key' | 'loopback';
}
