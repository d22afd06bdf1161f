/** @file The exported LaTeX compiles. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testBoard } from '../../testing/test-board.ts';
import { exportLatex } from './export-latex.ts';

const missing = spawnSync('pdflatex', ['--version']).status !== 0;

it.skipIf(missing)(
  `pdflatex makes a document of it${missing ? ' (skipped: pdflatex is not installed)' : ''}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-latex-'));
    try {
      await writeFile(join(folder, 'board.tex'), exportLatex(testBoard()));
      const { status, stdout } = spawnSync(
        'pdflatex',
        ['-interaction=nonstopmode', '-halt-on-error', 'board.tex'],
        { cwd: folder, encoding: 'utf8' },
      );
      expect(status, stdout.slice(-3000)).toBe(0);
      expect((await stat(join(folder, 'board.pdf'))).size).toBeGreaterThan(10_000);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
