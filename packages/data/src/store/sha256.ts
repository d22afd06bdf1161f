/** @file The name of a blob. */
import { hash } from 'node:crypto';

export function sha256Of(bytes: Uint8Array | string): string {
  return hash('sha256', bytes);
}
