/** @file What is taken away says what the board says, whatever things are called. */
import { leaderboardSchema } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { testBoard } from '../../testing/test-board.ts';
import { exportBoard } from './export-board.ts';
import { escapeText } from './export-latex.ts';
import { boardPath } from './export-tables.ts';

const board = testBoard();
const text = (format: Parameters<typeof exportBoard>[1]) => exportBoard(board, format).text;

/** Cells of RFC 4180. */
function parseCsv(csv: string): string[][] {
  return csv
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}

it('whatever categories are called, every form has them', () => {
  const names = ['constructor', 'toString', 'größe 😀', '=1+1', '__defineGetter__'];
  const [first] = board.rows;
  const [metrics] = Object.values(first?.categories ?? {});
  if (first === undefined || metrics === undefined) throw new Error('The board is empty.');
  const odd = {
    ...board,
    categories: names,
    rows: board.rows.map((row) => ({
      ...row,
      // The last row lacks them all: what an object answers to by itself is no metric.
      categories:
        row === board.rows.at(-1) ? {} : Object.fromEntries(names.map((name) => [name, metrics])),
    })),
  };
  const csv = parseCsv(exportBoard(odd, 'csv').text);
  for (const name of names) {
    expect(csv.some((line) => line.includes(name) || line.includes(`'${name}`))).toBe(true);
  }
  expect(Object.keys(JSON.parse(exportBoard(odd, 'json').text).rows[0].categories)).toEqual(names);
  for (const format of ['markdown', 'latex'] as const) {
    const shown = exportBoard(odd, format).text;
    expect(shown).toContain('constructor');
    expect(shown).not.toContain('NaN');
    expect(shown).not.toContain('[object');
    expect(shown).not.toContain('native code');
  }
});

describe('JSON', () => {
  it('is the contract', () => {
    expect(leaderboardSchema.parse(JSON.parse(text('json')))).toEqual(board);
    expect(exportBoard(board, 'json').fileName).toBe(
      `real_10-v1-aaaaaaaaaaaa-${board.protocolKey}.json`,
    );
  });
});

describe('CSV', () => {
  const [head = [], ...lines] = parseCsv(text('csv'));
  const cell = (line: string[], column: string) => line[head.indexOf(column)];

  it('has a line for the mean and each category of every row, all as wide as the head', () => {
    expect(lines).toHaveLength(3 * 3);
    for (const line of lines) expect(line).toHaveLength(head.length);
    const [mean = [], screw = [], odd = []] = lines;
    expect(cell(mean, 'category')).toBe('mean');
    expect(cell(mean, 'imageAuroc')).toBe('0.9');
    expect(cell(mean, 'imageAurocLow')).toBe('0.85');
    expect(cell(mean, 'pixelAurocCategories')).toBe('1');
    expect(cell(mean, 'parameters')).toBe('1250000');
    expect(cell(mean, 'steps')).toBe('480');
    expect(cell(screw, 'imageAuroc')).toBe('0.9');
    expect(cell(screw, 'trainSeconds')).toBe('');
    expect(cell(screw, 'steps')).toBe('');
    expect(cell(odd, 'pixelAuroc')).toBe('');
    expect(cell(odd, 'note')).toMatch(/pixelAuroc aupro30 undefined: no masks/);
  });

  it('keeps a spreadsheet from running a name as a formula', () => {
    expect(cell(lines[2] ?? [], 'category')).toBe('\'=cmd|x, "y"');
  });

  it('leaves the rank of a barred row empty and says why', () => {
    const barred = lines.find((line) => cell(line, 'model') === 'leaky') ?? [];
    expect(cell(barred, 'rank')).toBe('');
    expect(cell(barred, 'note')).toMatch(/^not ranked: test\/bad\/000.png/);
  });
});

describe('Markdown', () => {
  const markdown = text('markdown');
  it('has tables of one width each, with names that do not break them', () => {
    for (const section of markdown.split('\n## ').slice(1)) {
      const widths = section
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size, section).toBeLessThanOrEqual(1);
    }
    expect(markdown).toContain('real\\_10-rlr v1');
    expect(markdown).toContain('90.0 \\[85.0, 94.0\\]');
    expect(markdown).toContain('90.0 ± 1.0');
  });
  it('says over how many categories a mean is, and why one is undefined', () => {
    expect(markdown).toContain('The means of P-AUROC are over 1 of 2 categories.');
    expect(markdown).toContain('P-AUROC, AUPRO@0.30 undefined: no masks');
    expect(markdown).toContain('| undefined |');
    expect(markdown).toMatch(/The means of AUPIMO are over 1 of 2/);
    expect(markdown).toMatch(/^\| 01\\_screw \| – \| undefined \|$/m); // AUPIMO: not computed, undefined
    expect(markdown).toContain('is in training as train/good/005.png');
    expect(markdown).toContain(boardPath(board).replaceAll('_', '\\_'));
  });
});

describe('LaTeX', () => {
  it('escapes what LaTeX reads as a command', () => {
    expect(escapeText('a_b & 100 % {x} $y$ #1 ~^\\')).toBe(
      'a\\_b \\& 100 \\% \\{x\\} \\$y\\$ \\#1 \\textasciitilde{}\\textasciicircum{}\\textbackslash{}',
    );
    expect(escapeText('Größe 螺丝')).toBe('Größe {[}U+87BA{]}{[}U+4E1D{]}');
  });
  it('is a whole document whose tables have as many cells as columns', () => {
    const latex = text('latex');
    expect(latex).toContain('\\documentclass');
    expect(latex.match(/\\begin\{(\w+)\}/g)?.length).toBe(latex.match(/\\end\{(\w+)\}/g)?.length);
    const tables = [...latex.matchAll(/\\begin\{tabular\}\{([lr]+)\}([\s\S]*?)\\end\{tabular\}/g)];
    expect(tables.length).toBeGreaterThan(8);
    for (const [, columns = '', body = ''] of tables) {
      for (const line of body.split('\n').filter((one) => one.endsWith('\\\\')))
        expect(line.split(/(?<!\\)&/).length, line).toBe(columns.length);
    }
  });
});
