import { readFileSync } from 'node:fs';
import { getGradient } from '@tensorflow/tfjs-core';
import './gradients/index.ts';
import { describe, expect, it } from 'vitest';
import { recordedKernels } from './index.ts';

/** The kernels as the README lists them. */
function kernelTable(): string {
  const kernels = recordedKernels();
  const row = (names: string[]) => names.map((name) => `\`${name}\``).join(' ');
  const differentiable = kernels.filter((name) => getGradient(name) != null);
  const others = kernels.filter((name) => getGradient(name) == null);
  return [
    '| | |',
    '|---|---|',
    `| with a gradient | ${row(differentiable)} |`,
    `| without one in TensorFlow.js, or part of one | ${row(others)} |`,
  ].join('\n');
}

describe('the README of the tracer', () => {
  it('lists the kernels that can be recorded', () => {
    const text = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
    const listed = /<!-- kernels -->\n([\s\S]*)<!-- \/kernels -->/.exec(text)?.[1];
    expect(listed?.trim()).toBe(kernelTable());
  });
});
