/**
 * @file Which execution provider to take. Working is not enough: a Vulkan driver in software "works" and is far slower
 * than the processor, so a provider is only taken when it is clearly faster at the same computation.
 */
import type { ProviderReport } from '@plumbline/contracts';
import { hardwareIsVisible } from './adapters.ts';
import { PROVIDERS, probeProvider, toReport } from './probe-provider.ts';
import type { Provider } from './provider.ts';

/** A provider is taken when it needs at most this share of the processor's time. */
const CLEARLY_FASTER = 0.67;
const NO_GPU = 'no GPU is visible (/dev/dri, /dev/nvidia0, /dev/dxg)';

export interface ProviderChoice {
  readonly provider: Provider;
  /** One sentence without a period. */
  readonly why: string;
}

/** Tries the providers and takes one; where no GPU is visible the processor is taken without trying. */
export async function chooseProvider(): Promise<ProviderChoice> {
  const reports: ProviderReport[] = [];
  const visible = hardwareIsVisible() !== false;
  for (const provider of ['webgpu', 'cuda'] as const)
    reports.push(
      visible ? await probeProvider(provider) : toReport(provider, { ok: false, reason: NO_GPU }),
    );
  if (reports.some(({ ok }) => ok)) reports.push(await probeProvider('cpu'));
  return preferredProvider(reports);
}

/** The first of webgpu and cuda that is clearly faster than the processor, or the processor. */
export function preferredProvider(reports: readonly ProviderReport[]): ProviderChoice {
  const report = (name: Provider) => reports.find((candidate) => candidate.name === name);
  const processorMs = report('cpu')?.milliseconds ?? null;
  const refusals: string[] = [];
  for (const provider of PROVIDERS.filter((name) => name !== 'cpu')) {
    const tried = report(provider);
    const refusal = tried === undefined ? 'not tried' : refuse(tried, processorMs);
    if (refusal === null)
      return { provider, why: [comparison(tried, processorMs), ...refusals].join('; ') };
    refusals.push(`${provider}: ${refusal}`);
  }
  return { provider: 'cpu', why: refusals.join('; ') };
}

function refuse(report: ProviderReport, processorMs: number | null): string | null {
  if (!report.ok) return report.reason ?? 'it failed';
  if (report.software) return 'its adapter is software on the processor';
  if (report.milliseconds === null || processorMs === null)
    return 'not compared with the processor';
  return report.milliseconds <= CLEARLY_FASTER * processorMs
    ? null
    : `not clearly faster than the processor (${comparison(report, processorMs)})`;
}

function comparison(report: ProviderReport | undefined, processorMs: number | null): string {
  const time = (milliseconds: number | null | undefined) => `${(milliseconds ?? 0).toFixed(1)} ms`;
  return `${time(report?.milliseconds)} for what takes the processor ${time(processorMs)}`;
}
