/** @file What the process is told by its environment. */
import { delimiter, isAbsolute, resolve } from 'node:path';
import {
  DomainError,
  isS3Path,
  parseS3Path,
  platformKeyOf,
  type S3Access,
  type StoreSetting,
  s3AccessOf,
  storeSettingOf,
  webhookOf,
} from '@plumbline/contracts';

export interface ApiEnv {
  readonly homeDirectory: string;
  readonly databaseUrl: string;
  /** Where images are. */
  readonly store: StoreSetting;
  /** Where buckets are that may be imported from. */
  readonly s3: S3Access;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly apiKey: string | null;
  /** In lower case, without ports. */
  readonly allowedHosts: readonly string[];
  readonly codeVersion: string;
  /** Absolute folders and prefixes in buckets; null: any, by admins. */
  readonly importRoots: readonly string[] | null;
  readonly backboneMirror: string | null;
  /** Inference children at once; null: from the machine's memory. */
  readonly inferenceProcesses: number | null;
  /** How long one image may be computed; null: the default. */
  readonly imageTimeoutMs: number | null;
  /** Of the processor, that a served model computes with; null: all cores. */
  readonly threads: number | null;
  /** Of an image that somebody sends; null: the default. */
  readonly maxPixels: number | null;
  /** Of the log: `debug` has a line for every request. */
  readonly logLevel: LogLevel;
  /** How long inspections are kept; null: the default. */
  readonly inspectionDays: number | null;
  /** Requests per minute of one key or person, 0: no limit; null: the default. */
  readonly rateLimit: number | null;
  /** How long the audit log is kept; null: the default. */
  readonly auditDays: number | null;
  /** How long batches are kept once they have ended; null: the default. */
  readonly batchDays: number | null;
  /** What inspections are compared with the reference by; null: the default. */
  readonly driftInspections: number | null;
  readonly driftDays: number | null;
  /** Whether changes of drift are sent somewhere; the trainer sends them. */
  readonly hasWebhook: boolean;
}

const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws DomainError naming the variable. */
export function readEnv(variables: Variables = process.env): ApiEnv {
  return {
    homeDirectory: resolve(required(variables, 'PLUMBLINE_HOME')),
    databaseUrl: required(variables, 'DATABASE_URL'),
    store: storeSettingOf(variables),
    s3: s3AccessOf(variables),
    host: optional(variables, 'PLUMBLINE_API_HOST') ?? '127.0.0.1',
    port: readPort(variables),
    apiKey: platformKeyOf(variables['PLUMBLINE_API_KEY']),
    allowedHosts: readAllowedHosts(variables),
    codeVersion: readCodeVersion(variables),
    importRoots: readImportRoots(variables),
    backboneMirror: optional(variables, 'PLUMBLINE_BACKBONE_MIRROR'),
    inferenceProcesses: readCount(variables, 'PLUMBLINE_INFERENCE_PROCESSES', 100),
    imageTimeoutMs: scaled(readCount(variables, 'PLUMBLINE_IMAGE_TIMEOUT_SECONDS', 3_600), 1_000),
    threads: readCount(variables, 'PLUMBLINE_THREADS', 256),
    logLevel: readLogLevel(variables),
    inspectionDays: readCount(variables, 'PLUMBLINE_INSPECTION_DAYS', 36_500),
    rateLimit: readCount(variables, 'PLUMBLINE_RATE_LIMIT', 10_000_000, 0),
    auditDays: readCount(variables, 'PLUMBLINE_AUDIT_DAYS', 36_500),
    batchDays: readCount(variables, 'PLUMBLINE_BATCH_DAYS', 36_500),
    driftInspections: readCount(variables, 'PLUMBLINE_DRIFT_INSPECTIONS', 2_000, 50),
    driftDays: readCount(variables, 'PLUMBLINE_DRIFT_DAYS', 36_500),
    hasWebhook:
      webhookOf(variables['PLUMBLINE_WEBHOOK_URL'], variables['PLUMBLINE_WEBHOOK_SECRET']) !== null,
    maxPixels: scaled(readCount(variables, 'PLUMBLINE_MAX_MEGAPIXELS', 100), 1e6),
  };
}

/** Set by the supervisor, which reads it from the repository. */
function readCodeVersion(variables: Variables = process.env): string {
  return optional(variables, 'PLUMBLINE_CODE_VERSION') ?? 'unknown';
}

/** Of a list, but not the one in `s3://`. */
const SEPARATOR = delimiter === ':' ? /(?<!(?:^|:)s3(?=:\/\/)):/ : delimiter;

/** Folders and prefixes in buckets, separated as in `PATH`. */
function readImportRoots(variables: Variables): string[] | null {
  const text = optional(variables, 'PLUMBLINE_IMPORT_ROOTS');
  if (text === null) return null;
  const roots = text.split(SEPARATOR).filter((root) => root !== '');
  const wrong = roots.find((root) =>
    isS3Path(root) ? parseS3Path(root) === null : !isAbsolute(root),
  );
  if (wrong === undefined) return roots;
  throw new DomainError('INVALID_INPUT', `PLUMBLINE_IMPORT_ROOTS names "${wrong}".`, {
    field: 'PLUMBLINE_IMPORT_ROOTS',
    fix: `Give absolute folders and addresses such as s3://bucket/prefix, separated by "${delimiter}".`,
  });
}

function readPort(variables: Variables): number {
  const text = optional(variables, 'PLUMBLINE_API_PORT') ?? '0';
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new DomainError('INVALID_INPUT', `PLUMBLINE_API_PORT is "${text}".`, {
    field: 'PLUMBLINE_API_PORT',
    fix: 'Use a number from 0 (any free port) to 65535.',
  });
}

/** Names separated by commas, such as `plumbline.example, 10.0.0.5`. */
function readAllowedHosts(variables: Variables): string[] {
  const names = (optional(variables, 'PLUMBLINE_ALLOWED_HOSTS') ?? '').split(',');
  const hosts = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  const wrong = hosts.find((host) => !/^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(host));
  if (wrong === undefined) return hosts;
  throw new DomainError('INVALID_INPUT', `PLUMBLINE_ALLOWED_HOSTS has "${wrong}".`, {
    field: 'PLUMBLINE_ALLOWED_HOSTS',
    fix: 'List host names without scheme, port and wildcards, separated by commas.',
  });
}

function readLogLevel(variables: Variables): LogLevel {
  const text = optional(variables, 'PLUMBLINE_LOG_LEVEL') ?? 'info';
  const level = LOG_LEVELS.find((one) => one === text);
  if (level !== undefined) return level;
  throw new DomainError('INVALID_INPUT', `PLUMBLINE_LOG_LEVEL is "${text}".`, {
    field: 'PLUMBLINE_LOG_LEVEL',
    fix: `Use ${LOG_LEVELS.join(', ')}, or leave it out.`,
  });
}

/** A whole number; null when the variable is not set. */
function readCount(variables: Variables, name: string, most: number, least = 1): number | null {
  const text = optional(variables, name);
  if (text === null) return null;
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least && count <= most) return count;
  throw new DomainError('INVALID_INPUT', `${name} is "${text}".`, {
    field: name,
    fix: `Use a whole number from ${least} to ${most}, or leave it out.`,
  });
}

function scaled(count: number | null, unit: number): number | null {
  return count === null ? null : count * unit;
}

/** An empty variable counts as not set. */
function optional(variables: Variables, name: string): string | null {
  return variables[name]?.trim() || null;
}

function required(variables: Variables, name: string): string {
  const value = optional(variables, name);
  if (value !== null) return value;
  throw new DomainError('INVALID_INPUT', `${name} is not set.`, {
    field: name,
    fix: 'Start the platform with `plumb start`, which sets it.',
  });
}
