/** @file `plumb doctor`: what this machine has, why not the rest, and what would fix it. */
import { DomainError, type MachineReport, type ProviderReport } from '@plumbline/contracts';
import { inspectMachine, installTfjsGpu, resolveHome } from '@plumbline/platform';
import type { Command } from 'commander';
import { type JsonOption, withAction } from './command.ts';
import { checkMachine, type Finding } from './doctor-findings.ts';
import { type Output, table } from './output.ts';

/** What `--install` takes. */
const INSTALLABLE = 'tfjs-gpu';

export interface Diagnosis {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Null when the process that looks at it failed; a finding says why. */
  readonly machine: MachineReport | null;
}

export function addDoctorCommand(program: Command): void {
  withAction(
    program
      .command('doctor')
      .description('check what this machine has, what is missing and how to fix it')
      .option(
        '--install <what>',
        `add what npm does not install by itself: ${INSTALLABLE} (a download of hundreds of megabytes)`,
      ),
    doctor,
  );
}

async function doctor(output: Output, options: JsonOption & { install?: string }): Promise<void> {
  if (options.install !== undefined) return install(output, options.install);
  output.progress('Looking at this machine …');
  const machine = await inspectMachine().catch((error: unknown) => {
    if (error instanceof DomainError) return error;
    throw error;
  });
  const report = machine instanceof DomainError ? null : machine;
  const findings = [
    ...(await checkMachine(resolveHome())),
    ...(report === null ? [] : [adapterFinding(report)]),
    executorFinding(machine),
  ];
  const ok = findings.every((finding) => finding.ok);
  output.result({ ok, findings, machine: report }, describeDiagnosis);
  if (!ok) process.exitCode = 1;
}

async function install(output: Output, what: string): Promise<void> {
  if (what !== INSTALLABLE) {
    throw new DomainError('INVALID_INPUT', `There is nothing called "${what}" to install.`, {
      field: 'install',
      fix: `Give "--install ${INSTALLABLE}".`,
    });
  }
  await installTfjsGpu((text) => output.progress(text));
  output.result(
    { installed: what },
    () => 'Installed. Training uses it with PLUMBLINE_EXECUTOR=tfjs.',
  );
}

function adapterFinding({ adapters }: MachineReport): Finding {
  const names = adapters?.map(({ name }) => name).join(', ');
  const found = adapters === null ? 'not listed on this system' : names || 'none';
  return { check: 'graphics', ok: true, found, fix: null };
}

/** What training would compute with. */
export function executorFinding(machine: MachineReport | DomainError): Finding {
  if (machine instanceof DomainError)
    return { check: 'training', ok: false, found: machine.message, fix: machine.fix };
  const { chosen, setting, providers } = machine;
  if (chosen !== null) {
    const found = `${chosen.executor} on ${chosen.provider} (${chosen.why})`;
    return { check: 'training', ok: true, found, fix: null };
  }
  const asked = providers.find(({ name }) => name === setting);
  const why = asked === undefined ? 'nothing that it asks for works' : asked.reason;
  return {
    check: 'training',
    ok: false,
    found: `PLUMBLINE_EXECUTOR is "${setting}", but ${why}`,
    fix: `Set it to "auto".${asked?.fix ? ` Or: ${asked.fix}` : ''}`,
  };
}

export function describeDiagnosis({ findings, machine }: Diagnosis): string {
  const checks = table(
    ['check', 'state', 'found', 'how to fix it'],
    findings.map(({ check, ok, found, fix }) => [check, ok ? 'ok' : 'missing', found, fix ?? '']),
  );
  if (machine === null) return checks;
  const providers = table(
    ['executor', 'computes on', 'state'],
    machine.providers.map((one) => [one.executor, one.name, stateOf(one)]),
  );
  // Below the table: what to do is longer than a column is wide.
  const fixes = machine.providers.flatMap(({ name, fix }) =>
    fix === null ? [] : [`  ${name}: ${fix}`],
  );
  return [
    checks,
    providers,
    ...(fixes.length === 0 ? [] : ['To get more of them:', ...fixes]),
  ].join('\n');
}

function stateOf({ ok, software, milliseconds, reason }: ProviderReport): string {
  if (!ok) return `no: ${reason}`;
  if (software) return 'works in software on the processor: for checks only';
  return milliseconds === null ? 'works' : `works, ${milliseconds.toFixed(1)} ms for the probe`;
}
