/** @file What `plumb status` and the overview show. */
import { z } from 'zod';

export const trainerStatusSchema = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.number().int(),
  startedAt: z.string(),
  heartbeatAt: z.string(),
  alive: z.boolean(),
});
export type TrainerStatus = z.infer<typeof trainerStatusSchema>;

export const systemStatusSchema = z.object({
  version: z.string(),
  codeVersion: z.string(),
  /** Host name with processor and provider. */
  hardware: z.string(),
  trainers: z.array(trainerStatusSchema),
  queuedRuns: z.number().int(),
  runningRuns: z.number().int(),
  datasets: z.number().int(),
  models: z.number().int(),
  /** Of this API process, since it started: written down, about to be, and lost since the database did not take them. */
  inspections: z.object({
    recorded: z.number().int(),
    waiting: z.number().int(),
    dropped: z.number().int(),
  }),
});
export type SystemStatus = z.infer<typeof systemStatusSchema>;
