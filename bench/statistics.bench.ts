/**
 * @file What intervals, tests and thresholds promise against what they hold, on simulated data whose truth is known:
 * the tables of `docs/statistics.md`. With `--json` one line per simulation.
 *
 *     npm run bench -- statistics [--json] [--only image-coverage,…] [--trials 100] [--seed 0]
 */
import { parseArgs } from 'node:util';
import type { SimulationRow } from './statistics/simulation.ts';
import { SIMULATIONS } from './statistics/simulations.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Names, separated by commas; all when absent. */
    only: { type: 'string' },
    trials: { type: 'string' },
    seed: { type: 'string', default: '0' },
  },
});

const names = values.only?.split(',');
const unknown = names?.filter((name) => !SIMULATIONS.some((one) => one.name === name)) ?? [];
if (unknown.length > 0) {
  const known = SIMULATIONS.map(({ name }) => name).join(', ');
  throw new Error(`There is no simulation named ${unknown.join(', ')}. Those that exist: ${known}`);
}
for (const { name, about, trials, run } of SIMULATIONS) {
  if (names !== undefined && !names.includes(name)) continue;
  const started = performance.now();
  const rows = run({
    trials: wholeNumber('trials', values.trials ?? String(trials)),
    seed: wholeNumber('seed', values.seed),
  });
  const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
  if (values.json) process.stdout.write(`${JSON.stringify({ simulation: name, seconds, rows })}\n`);
  else printTable(`${name} (${seconds} s): ${about}`, rows);
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${option} needs a whole number`);
  return value;
}

function printTable(title: string, rows: readonly SimulationRow[]): void {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row) =>
    row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  '),
  );
  process.stdout.write(`${title}\n${lines.map((line) => `  ${line}\n`).join('')}`);
}
