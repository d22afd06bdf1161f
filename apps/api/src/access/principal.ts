/** @file Who is asking. Nobody else gets past `access-hook.ts`. */

/** `key`: sent the API key. `loopback`: runs on this machine, and no key is set. */
export interface Principal {
  readonly kind: 'key' | 'loopback';
}

/** As histories name whoever did something. */
export function whoIs({ kind }: Principal): string {
  return kind === 'key' ? 'holder of the API key' : 'this machine';
}
