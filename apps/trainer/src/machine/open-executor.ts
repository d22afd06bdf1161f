/** @file What a training run computes with: the setting's executor, and why it is that one. */
import type { Executor, ExecutorChoice, ExecutorSetting } from '@plumbline/contracts';
import { createEagerExecutor } from '@plumbline/model';
import { chooseProvider, createExecutor } from '@plumbline/runtime';
import { chooseTfjsBackend, isTfjsSetting } from './tfjs-backends.ts';

export interface OpenedExecutor {
  /** Computes features and fits the method. */
  readonly executor: Executor;
  /** What models are served with, so that thresholds and metrics are those of the served model. */
  readonly serving: Executor;
  readonly choice: ExecutorChoice;
}

/**
 * Tries what it takes in child processes: a driver that crashes ends nothing else.
 * @param threads Of the processor; all cores when null.
 * @throws DomainError UNAVAILABLE when what the setting names does not work here.
 */
export async function openExecutor(
  setting: ExecutorSetting,
  threads: number | null = null,
): Promise<OpenedExecutor> {
  const serving = await createExecutor({
    provider: 'cpu',
    ...(threads === null ? {} : { threads }),
  });
  if (isTfjsSetting(setting)) {
    const { backend, why } = await chooseTfjsBackend(setting);
    const executor = createEagerExecutor({ backend, graphs: serving });
    return { executor, serving, choice: { setting, executor: 'tfjs', provider: backend, why } };
  }
  const { provider, why } =
    setting === 'auto' || setting === 'onnx'
      ? await chooseProvider()
      : { provider: setting, why: `PLUMBLINE_EXECUTOR is "${setting}"` };
  const executor = provider === 'cpu' ? serving : await createExecutor({ provider });
  return { executor, serving, choice: { setting, executor: 'onnx', provider, why } };
}

/** For the run's log. */
export function describeChoice({ executor, provider, why }: ExecutorChoice): string {
  return `Training with the executor ${executor} on ${provider} (${why}).`;
}
