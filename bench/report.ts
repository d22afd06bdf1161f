/** @file How a benchmark prints what it measured: JSON with `--json`, a table otherwise. */

export type BenchValue = number | string | boolean | null;

/** Highest resident memory of this process so far, MiB. */
export function peakRssMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024); // KiB on every platform
}

/** Prints one benchmark's numbers on stdout, as one line of JSON if the command line holds `--json`. */
export function report(name: string, values: Readonly<Record<string, BenchValue>>): void {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(values)}\n`);
    return;
  }
  const width = Math.max(...Object.keys(values).map((key) => key.length));
  const lines = Object.entries(values).map(([key, value]) => `  ${key.padEnd(width)}  ${value}`);
  process.stdout.write(`${name}\n${lines.join('\n')}\n`);
}
