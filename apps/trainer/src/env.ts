/** @file The trainer's settings, from the environment. */
import { hostname } from 'node:os';
import { delimiter, resolve } from 'node:path';
import {
  type ExecutorSetting,
  executorSettingSchema,
  type PlatformHome,
  platformHome,
  type S3Access,
  type StoreSetting,
  s3AccessOf,
  storeSettingOf,
  type Webhook,
  webhookOf,
} from '@plumbline/contracts';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set; start the platform with "plumb up".`);
  return value;
}

/** @returns Bytes, or null when it is not set. */
function gigabytes(name: string): number | null {
  const value = process.env[name];
  if (value === undefined || value === '') return null;
  const number = Number(value);
  if (!(number > 0)) throw new Error(`${name} is "${value}"; give gigabytes above 0, such as 20.`);
  return number * 1e9;
}

const CHECKPOINT_DAYS = 7;

/** `PLUMBLINE_CHECKPOINT_DAYS`; seven when it is not set. */
function checkpointDays(): number {
  const value = process.env['PLUMBLINE_CHECKPOINT_DAYS'];
  if (value === undefined || value === '') return CHECKPOINT_DAYS;
  const days = Number(value);
  if (days >= 0 && Number.isFinite(days)) return days;
  throw new Error(`PLUMBLINE_CHECKPOINT_DAYS is "${value}"; give days from 0 on, such as 7.`);
}

/** `PLUMBLINE_THREADS`: of the processor, that training computes with; null (all cores) when it is not set. */
export function threadCount(): number | null {
  const value = process.env['PLUMBLINE_THREADS'];
  if (value === undefined || value === '') return null;
  const threads = Number(value);
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new Error(
    `PLUMBLINE_THREADS is "${value}"; give a whole number from 1 on, or leave it out.`,
  );
}

/** How long a child process of the trainer may do nothing before it is ended, as a crash would end it. */
export interface ChildLimits {
  /** Without a sign of life: it is stopped or frozen. */
  readonly silenceMs: number;
  /** Within one call, giving signs of life: such as a driver that never answers. */
  readonly stuckMs: number;
}

/** No step of any method and no loading of a graph takes minutes without a turn for other events. */
export const CHILD_LIMITS: ChildLimits = { silenceMs: 30_000, stuckMs: 3_600_000 };

/** `PLUMBLINE_CHILD_SILENCE_S` and `PLUMBLINE_CHILD_STUCK_S`. */
export function childLimits(): ChildLimits {
  return {
    silenceMs: milliseconds('PLUMBLINE_CHILD_SILENCE_S') ?? CHILD_LIMITS.silenceMs,
    stuckMs: milliseconds('PLUMBLINE_CHILD_STUCK_S') ?? CHILD_LIMITS.stuckMs,
  };
}

/** @returns Null when it is not set. */
function milliseconds(name: string): number | null {
  const value = process.env[name];
  if (value === undefined || value === '') return null;
  const seconds = Number(value);
  if (seconds >= 1 && Number.isFinite(seconds)) return seconds * 1e3;
  throw new Error(`${name} is "${value}"; give seconds from 1 on, such as 60.`);
}

/** `PLUMBLINE_EXECUTOR`: what training runs compute with; `auto` when it is not set. */
export function executorSetting(): ExecutorSetting {
  const value = process.env['PLUMBLINE_EXECUTOR'] || 'auto';
  const setting = executorSettingSchema.safeParse(value);
  if (setting.success) return setting.data;
  throw new Error(
    `PLUMBLINE_EXECUTOR is "${value}"; give one of ${executorSettingSchema.options.join(', ')}.`,
  );
}

/** This process' environment with folders of programs before the others. */
export function environmentWithPath(folders: readonly string[]): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [...folders, process.env['PATH'] ?? ''].join(delimiter) };
}

export interface TrainerEnvironment {
  readonly home: PlatformHome;
  /** Where images and checkpoints are. */
  readonly store: StoreSetting;
  /** Where buckets are that are imported from. */
  readonly s3: S3Access;
  readonly databaseUrl: string;
  readonly codeVersion: string;
  /** Bound of the feature cache; the cache's own default when null. */
  readonly featureCacheBytes: number | null;
  /** How long the checkpoints of failed and cancelled runs are kept. */
  readonly checkpointDays: number;
  readonly childLimits: ChildLimits;
  readonly executor: ExecutorSetting;
  /** Of the processor; null: all cores. */
  readonly threads: number | null;
  readonly host: string;
  /** In place of the publisher's address of backbones. */
  readonly backboneMirror: string | null;
  /** Where drift is told of; null: nowhere. */
  readonly webhook: Webhook | null;
}

export function readEnvironment(): TrainerEnvironment {
  return {
    home: platformHome(resolve(required('PLUMBLINE_HOME'))),
    store: storeSettingOf(process.env),
    s3: s3AccessOf(process.env),
    databaseUrl: required('DATABASE_URL'),
    featureCacheBytes: gigabytes('PLUMBLINE_FEATURE_CACHE_GB'),
    checkpointDays: checkpointDays(),
    childLimits: childLimits(),
    executor: executorSetting(),
    threads: threadCount(),
    codeVersion: process.env['PLUMBLINE_CODE_VERSION'] ?? 'unknown',
    host: hostname(),
    backboneMirror: process.env['PLUMBLINE_BACKBONE_MIRROR']?.trim() || null,
    webhook: webhookOf(
      process.env['PLUMBLINE_WEBHOOK_URL'],
      process.env['PLUMBLINE_WEBHOOK_SECRET'],
    ),
  };
}
