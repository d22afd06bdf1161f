/** @file Who is asking. Nobody else gets past `access-hook.ts`. */
import type { Role } from '@plumbline/contracts';

/** `loopback`: a program on this machine, where no key is needed. `environment`: sent `PLUMBLINE_API_KEY`. `user`: signed in. */
export interface Principal {
  readonly kind: 'loopback' | 'environment' | 'key' | 'user';
  readonly role: Role;
  /** As histories and the audit log name whoever did something. */
  readonly name: string;
  /** Tells callers apart, also those of the same name. */
  readonly id: string;
}

export const LOOPBACK: Principal = {
  kind: 'loopback',
  role: 'admin',
  name: 'this machine',
  id: 'loopback',
};

export const ENVIRONMENT: Principal = {
  kind: 'environment',
  role: 'admin',
  name: 'holder of PLUMBLINE_API_KEY',
  id: 'environment',
};
