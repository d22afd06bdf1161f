/** @file What this machine has to train with: everything is tried, and each child process tries one thing. */
import type {
  ExecutorChoice,
  ExecutorSetting,
  MachineReport,
  ProviderReport,
} from '@plumbline/contracts';
import { TFJS_BACKENDS } from '@plumbline/model';
import { listAdapters, preferredProvider, probeProviders } from '@plumbline/runtime';
import { isTfjsSetting, probeTfjsBackend, whyTfjs } from './tfjs-backends.ts';

/** @param setting Of `PLUMBLINE_EXECUTOR`. */
export async function readMachineReport(setting: ExecutorSetting): Promise<MachineReport> {
  // First and alone: they are timed.
  const onnx = await probeProviders();
  const tfjs = await Promise.all(TFJS_BACKENDS.map(probeTfjsBackend));
  const providers = [...onnx, ...tfjs];
  return { adapters: listAdapters(), providers, setting, chosen: chosenOf(setting, providers) };
}

/** What `openExecutor` would take, by reports on everything. */
export function chosenOf(
  setting: ExecutorSetting,
  reports: readonly ProviderReport[],
): ExecutorChoice | null {
  if (isTfjsSetting(setting)) {
    const tried = reports.filter(
      ({ executor, name }) => executor === 'tfjs' && (setting === 'tfjs' || name === setting),
    );
    const first = tried.findIndex(({ ok }) => ok);
    const found = tried[first];
    if (found === undefined) return null;
    const why = whyTfjs(setting, tried.slice(0, first));
    return { setting, executor: 'tfjs', provider: found.name, why };
  }
  const onnx = reports.filter(({ executor }) => executor === 'onnx');
  if (setting === 'auto' || setting === 'onnx')
    return { setting, executor: 'onnx', ...preferredProvider(onnx) };
  if (!onnx.some(({ name, ok }) => name === setting && ok)) return null;
  return {
    setting,
    executor: 'onnx',
    provider: setting,
    why: `PLUMBLINE_EXECUTOR is "${setting}"`,
  };
}
