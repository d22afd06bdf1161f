/** @file Where a platform keeps its things: one folder, every path named here once. */
import { z } from 'zod';

export interface PlatformHome {
  readonly root: string;
  readonly database: string;
  readonly blobs: string;
  readonly bundles: string;
  readonly uploads: string;
  readonly work: string;
  readonly cache: string;
  /** Backbones fetched or added, one file each: `<name>.safetensors` or `<name>.onnx`. */
  readonly backbones: string;
  readonly logs: string;
  /** `PlatformRecord` of the running platform. */
  readonly record: string;
}

export function platformHome(root: string): PlatformHome {
  return {
    root,
    database: `${root}/postgres`,
    blobs: `${root}/blobs`,
    bundles: `${root}/bundles`,
    uploads: `${root}/uploads`,
    work: `${root}/work`,
    cache: `${root}/cache`,
    backbones: `${root}/cache/backbones`,
    logs: `${root}/logs`,
    record: `${root}/platform.json`,
  };
}

/** Written by the supervisor once everything answers, removed when it ends. */
export const platformRecordSchema = z.object({
  pid: z.number().int(),
  apiUrl: z.string(),
  webUrl: z.string().nullable(),
  databaseUrl: z.string(),
  startedAt: z.string(),
  /** Tells the home's folder from a copy of it, which has the same record in it. */
  homeId: z.string().optional(),
  /** What the supervisor could not fix, in sentences with what to do; absent while all is well. */
  problem: z.string().optional(),
});
export type PlatformRecord = z.infer<typeof platformRecordSchema>;

/** A trainer that has not been heard of for this long has its runs taken over. */
export const TRAINER_LOST_MS = 60_000;
export const TRAINER_HEARTBEAT_MS = 5_000;
