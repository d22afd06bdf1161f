/** @file The table of the README from measured runs: mean and standard deviation over the seeds of each method and backbone. */
import { protocolKey } from '@plumbline/eval';
import type { MeasuredRun } from './measure-run.ts';

/** Mean and sample standard deviation (n − 1; null with one value) of the values that are defined. */
interface Spread {
  readonly mean: number | null;
  readonly deviation: number | null;
}

export interface MethodRow {
  readonly method: string;
  readonly preset: string;
  readonly backbone: string;
  readonly seeds: readonly number[];
  readonly codeVersions: readonly string[];
  readonly imageAuroc: Spread;
  readonly pixelAuroc: Spread;
  readonly aupro30: Spread;
  /** Category of the lowest mean image AUROC. */
  readonly hardest: { readonly category: string; readonly imageAuroc: number } | null;
  readonly fitSeconds: Spread;
  readonly imageMs: Spread;
  readonly modelBytes: Spread;
}

/** Rows that may be compared: one dataset version under one protocol. */
export interface MethodBoard {
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly protocol: string;
  readonly rows: readonly MethodRow[];
}

export function toBoards(runs: readonly MeasuredRun[]): MethodBoard[] {
  const boards = groupBy(runs, ({ lineage, protocol }) =>
    [lineage.dataset, lineage.datasetVersion, protocolKey(protocol)].join('/'),
  );
  return boards.map((of) => ({
    dataset: of[0].lineage.dataset,
    datasetVersion: of[0].lineage.datasetVersion,
    protocol: of[0].protocol.name,
    rows: groupBy(of, (run) => [run.method, run.preset, run.backbone].join('/'))
      .map(toRow)
      .sort((a, b) => (b.imageAuroc.mean ?? 0) - (a.imageAuroc.mean ?? 0)),
  }));
}

export function writeTable(boards: readonly MethodBoard[]): string {
  return boards.map(writeBoard).join('\n');
}

type Group = readonly [MeasuredRun, ...MeasuredRun[]];

function groupBy(runs: readonly MeasuredRun[], keyOf: (run: MeasuredRun) => string): Group[] {
  const groups = new Map<string, [MeasuredRun, ...MeasuredRun[]]>();
  for (const run of runs) {
    const group = groups.get(keyOf(run));
    if (group === undefined) groups.set(keyOf(run), [run]);
    else group.push(run);
  }
  return [...groups.values()];
}

function toRow(runs: Group): MethodRow {
  const [{ method, preset, backbone }] = runs;
  const over = (read: (run: MeasuredRun) => number | null): Spread => spreadOf(runs.map(read));
  return {
    ...{ method, preset, backbone },
    seeds: runs.map(({ seed }) => seed).sort((a, b) => a - b),
    codeVersions: [...new Set(runs.map(({ lineage }) => lineage.codeVersion))].sort(),
    imageAuroc: over((run) => run.mean.imageAuroc),
    pixelAuroc: over((run) => run.mean.pixelAuroc),
    aupro30: over((run) => run.mean.aupro30),
    hardest: hardestOf(runs),
    fitSeconds: over((run) => run.trainSeconds),
    imageMs: over((run) => run.latencyMs.p50),
    modelBytes: over((run) => run.files.find(({ name }) => name === 'model.onnx')?.bytes ?? null),
  };
}

function hardestOf(runs: Group): MethodRow['hardest'] {
  const means = Object.keys(runs[0].categories).flatMap((category) => {
    const { mean } = spreadOf(runs.map((run) => run.categories[category]?.imageAuroc ?? null));
    return mean === null ? [] : [{ category, imageAuroc: mean }];
  });
  return means.sort((a, b) => a.imageAuroc - b.imageAuroc)[0] ?? null;
}

function spreadOf(values: readonly (number | null)[]): Spread {
  const defined = values.filter((value) => value !== null);
  const count = defined.length;
  if (count === 0) return { mean: null, deviation: null };
  const mean = defined.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, deviation: null };
  const squares = defined.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (count - 1)) };
}

function writeBoard({ dataset, datasetVersion, protocol, rows }: MethodBoard): string {
  const codes = [...new Set(rows.flatMap(({ codeVersions }) => codeVersions))].sort();
  const head = ['', 'image AUROC', 'hardest category', 'pixel AUROC', 'AUPRO@0.30', 'fit, s'];
  return [
    `\`${dataset}\`, version \`${datasetVersion}\`, protocol \`${protocol}\`, code ${codes.map((code) => `\`${code}\``).join(', ')}`,
    '',
    `| ${[...head, 'image, ms', 'model, MB', 'seeds'].join(' | ')} |`,
    `|---${'|--:'.repeat(head.length + 2)}|`,
    ...rows.map((row) => `| ${cellsOf(row).join(' | ')} |`),
    '',
  ].join('\n');
}

function cellsOf(row: MethodRow): string[] {
  const { hardest } = row;
  return [
    `${row.method}${row.preset === 'quick' ? '' : ` \`${row.preset}\``}, \`${row.backbone}\``,
    shown(row.imageAuroc, 100),
    hardest === null ? 'undefined' : `${hardest.category} ${(100 * hardest.imageAuroc).toFixed(1)}`,
    shown(row.pixelAuroc, 100),
    shown(row.aupro30, 100),
    shown(row.fitSeconds, 1),
    shown(row.imageMs, 1),
    shown({ ...row.modelBytes, deviation: null }, 1e-6),
    row.seeds.join(', '),
  ];
}

function shown({ mean, deviation }: Spread, scale: number): string {
  if (mean === null) return 'undefined';
  const value = (scale * mean).toFixed(1);
  return deviation === null ? value : `${value} ± ${(scale * deviation).toFixed(1)}`;
}
