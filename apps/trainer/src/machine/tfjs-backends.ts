/** @file Which TensorFlow.js backends work on this machine: each is tried in a child process, as native code may crash. */
import { DomainError, type ExecutorSetting, type ProviderReport } from '@plumbline/contracts';
import { fixOfTfjsBackend, TFJS_BACKENDS, type TfjsBackendName } from '@plumbline/model';
import { probeInChild } from '@plumbline/runtime';

type TfjsSetting = Extract<ExecutorSetting, `tfjs${string}`>;

export function isTfjsSetting(setting: ExecutorSetting): setting is TfjsSetting {
  return setting === 'tfjs' || TFJS_BACKENDS.some((name) => name === setting);
}

export async function probeTfjsBackend(name: TfjsBackendName): Promise<ProviderReport> {
  const answer = await probeInChild(new URL('./probe-tfjs-child.ts', import.meta.url), [name]);
  return {
    executor: 'tfjs',
    name,
    ok: answer.ok,
    software: false,
    milliseconds: null,
    reason: answer.ok ? null : answer.reason,
    fix: answer.ok ? null : fixOfTfjsBackend(name),
  };
}

export interface TfjsChoice {
  readonly backend: TfjsBackendName;
  readonly why: string;
}

/** @throws DomainError UNAVAILABLE saying why none, or not the one that is named, works. */
export async function chooseTfjsBackend(setting: TfjsSetting): Promise<TfjsChoice> {
  const reports: ProviderReport[] = [];
  for (const name of setting === 'tfjs' ? TFJS_BACKENDS : [setting]) {
    const report = await probeTfjsBackend(name);
    if (report.ok) return { backend: name, why: whyTfjs(setting, reports) };
    reports.push(report);
  }
  throw new DomainError(
    'UNAVAILABLE',
    `PLUMBLINE_EXECUTOR is "${setting}", and it does not work here (${failures(reports)}).`,
    { fix: reports.at(-1)?.fix ?? 'See "plumb doctor".' },
  );
}

/** @param failed What was tried before the one that works. */
export function whyTfjs(setting: TfjsSetting, failed: readonly ProviderReport[]): string {
  const asked = `PLUMBLINE_EXECUTOR is "${setting}"`;
  return failed.length === 0 ? asked : `${asked}; ${failures(failed)}`;
}

function failures(reports: readonly ProviderReport[]): string {
  return reports.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
}
