/** @file What a machine can compute with: the setting that chooses among it, what was chosen, and `plumb doctor`'s report. */
import { z } from 'zod';

/**
 * `auto` and `onnx`: the executor onnx on the first provider of webgpu, cuda and cpu that works and helps. `cuda`,
 * `webgpu`, `cpu`: onnx on that one. `tfjs`: the executor tfjs, which runs the methods as they are, on the first
 * TensorFlow.js backend that works; `tfjs-…`: on that one.
 */
export const executorSettingSchema = z.enum([
  'auto',
  'onnx',
  'cuda',
  'webgpu',
  'cpu',
  'tfjs',
  'tfjs-node-gpu',
  'tfjs-node',
  'tfjs-cpu',
]);
export type ExecutorSetting = z.infer<typeof executorSettingSchema>;

export const executorNameSchema = z.enum(['onnx', 'tfjs']);
export type ExecutorName = z.infer<typeof executorNameSchema>;

/** What a run was trained with. */
export const executorChoiceSchema = z.object({
  setting: executorSettingSchema,
  executor: executorNameSchema,
  /** An execution provider of onnxruntime or a TensorFlow.js backend. */
  provider: z.string(),
  why: z.string(),
});
export type ExecutorChoice = z.infer<typeof executorChoiceSchema>;

/** An execution provider or a TensorFlow.js backend, as it was found by trying it. */
export const providerReportSchema = z.object({
  executor: executorNameSchema,
  name: z.string(),
  ok: z.boolean(),
  /** It computes on the processor although it is made for graphics cards: fit for checks, never chosen by itself. */
  software: z.boolean(),
  /** Time of the same computation on each of onnxruntime's; null when it was not measured, as of software. */
  milliseconds: z.number().nullable(),
  /** Why it can't be used. */
  reason: z.string().nullable(),
  fix: z.string().nullable(),
});
export type ProviderReport = z.infer<typeof providerReportSchema>;

/** A graphics card, or a Vulkan driver that stands in for one. */
export const adapterSchema = z.object({ name: z.string(), software: z.boolean() });
export type Adapter = z.infer<typeof adapterSchema>;

export const machineReportSchema = z.object({
  /** Null where there is no way to list them without a driver (macOS, Windows). */
  adapters: z.array(adapterSchema).nullable(),
  providers: z.array(providerReportSchema),
  setting: executorSettingSchema,
  /** What a training run would use; null when what the setting asks for does not work here. */
  chosen: executorChoiceSchema.nullable(),
});
export type MachineReport = z.infer<typeof machineReportSchema>;
