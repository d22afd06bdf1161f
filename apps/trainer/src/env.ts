/** @file The trainer's settings, from the environment. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type PlatformHome, platformHome } from '@plumbline/contracts';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set; start the platform with "plumb up".`);
  return value;
}

export interface TrainerEnvironment {
  readonly home: PlatformHome;
  readonly databaseUrl: string;
  readonly codeVersion: string;
  readonly host: string;
}

export function readEnvironment(): TrainerEnvironment {
  return {
    home: platformHome(resolve(required('PLUMBLINE_HOME'))),
    databaseUrl: required('DATABASE_URL'),
    codeVersion: process.env['PLUMBLINE_CODE_VERSION'] ?? 'unknown',
    host: hostname(),
  };
}
