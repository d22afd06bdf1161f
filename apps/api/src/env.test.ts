import { delimiter } from 'node:path';
import { expect, test } from 'vitest';
import { readEnv } from './env.ts';

const BASE = { PLUMBLINE_HOME: '/data', DATABASE_URL: 'postgresql://localhost/a' };

test('defaults: loopback, any port, no key', () => {
  expect(readEnv(BASE)).toEqual({
    homeDirectory: '/data',
    databaseUrl: BASE.DATABASE_URL,
    host: '127.0.0.1',
    port: 0,
    apiKey: null,
    allowedHosts: [],
    codeVersion: 'unknown',
    importRoots: null,
    backboneMirror: null,
    inferenceProcesses: null,
    imageTimeoutMs: null,
    threads: null,
    maxPixels: null,
    inspectionDays: null,
    auditDays: null,
    batchDays: null,
    rateLimit: null,
    store: { kind: 'folder' },
    s3: { endpoint: null, region: null },
    driftInspections: null,
    driftDays: null,
    hasWebhook: false,
    logLevel: 'info',
  });
});

test.each([
  [{ DATABASE_URL: 'x' }, 'PLUMBLINE_HOME'],
  [{ PLUMBLINE_HOME: '/data', DATABASE_URL: ' ' }, 'DATABASE_URL'],
  [{ ...BASE, PLUMBLINE_API_PORT: '70000' }, 'PLUMBLINE_API_PORT'],
  [{ ...BASE, PLUMBLINE_API_PORT: '-1' }, 'PLUMBLINE_API_PORT'],
  [{ ...BASE, PLUMBLINE_INFERENCE_PROCESSES: '0' }, 'PLUMBLINE_INFERENCE_PROCESSES'],
  [{ ...BASE, PLUMBLINE_THREADS: 'all' }, 'PLUMBLINE_THREADS'],
  [{ ...BASE, PLUMBLINE_MAX_MEGAPIXELS: '101' }, 'PLUMBLINE_MAX_MEGAPIXELS'],
  [{ ...BASE, PLUMBLINE_ALLOWED_HOSTS: 'https://a.example' }, 'PLUMBLINE_ALLOWED_HOSTS'],
  [{ ...BASE, PLUMBLINE_ALLOWED_HOSTS: '*' }, 'PLUMBLINE_ALLOWED_HOSTS'],
  [{ ...BASE, PLUMBLINE_IMAGE_TIMEOUT_SECONDS: '1.5' }, 'PLUMBLINE_IMAGE_TIMEOUT_SECONDS'],
])('%o is refused by the name of %s', (variables, field) => {
  expect(() => readEnv(variables)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', field }),
  );
});

test('a key with a role is the command line’s, and no admin’s of the platform that is started beside it', () => {
  const keyOf = (key: string) => readEnv({ ...BASE, PLUMBLINE_API_KEY: key }).apiKey;
  expect(keyOf(` ${'k'.repeat(32)} `)).toBe('k'.repeat(32));
  expect(keyOf(`plumb_${'k'.repeat(43)}`)).toBe(null);
  expect(keyOf(' ')).toBe(null);
});

test('folders to import from are absolute', () => {
  const roots = (text: string) => readEnv({ ...BASE, PLUMBLINE_IMPORT_ROOTS: text }).importRoots;
  expect(roots(['/data', '/mnt/line 3'].join(delimiter))).toEqual(['/data', '/mnt/line 3']);
  expect(roots(['s3://parts', '/data', 's3://b-1/line 3/'].join(delimiter))).toEqual([
    's3://parts',
    '/data',
    's3://b-1/line 3/',
  ]);
  expect(() => roots('data')).toThrow('PLUMBLINE_IMPORT_ROOTS names "data".');
  expect(() => roots('s3://Parts')).toThrow('PLUMBLINE_IMPORT_ROOTS names "s3://Parts".');
});
