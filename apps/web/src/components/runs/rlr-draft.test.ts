/** @file Tests of RLR's settings as typed into a form. */
import { RLR_SETTING_NAMES } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { checkRlr, RLR_FIELDS } from './rlr-draft.ts';

describe('the settings of RLR in the form', () => {
  it('are all that the contract has, each once; the image size is a field of every method', () => {
    const names: string[] = ['imageSizePx', ...RLR_FIELDS.map((field) => field.name)];
    expect(names.sort()).toEqual([...RLR_SETTING_NAMES].sort());
  });

  it('stay with the preset where nothing was typed', () => {
    expect(checkRlr({})).toEqual({ settings: undefined, problems: null });
    expect(checkRlr({ layers: ' ' })).toEqual({ settings: undefined, problems: null });
  });

  it('become what the API takes', () => {
    const { settings } = checkRlr({
      strides: '8, 16',
      blocks: 'mca nsa',
      gate: 'net',
      earlyStopping: 'no',
      cosineDecay: 'yes',
      steps: '16: 640, 32=64',
      learningRate: '1e-3',
    });
    expect(settings).toEqual({
      strides: [8, 16],
      blocks: ['mca', 'nsa'],
      gate: 'net',
      earlyStopping: false,
      cosineDecay: true,
      steps: { 16: 640, 32: 64 },
      learningRate: 0.001,
    });
  });

  it.each([
    ['layers', 'many'],
    ['layers', '0'],
    ['strides', '3'],
    ['blocks', 'mca, mca'],
    ['widths', '16'],
    ['widths', '7: 64'],
    ['learningRate', '-1'],
  ] as const)('name the field at fault: %s “%s”', (name, text) => {
    const { settings, problems } = checkRlr({ batchSize: '8', [name]: text });
    expect(settings).toBe(null);
    expect(Object.keys(problems ?? {})).toEqual([name]);
    expect(problems?.[name]).not.toMatch(/NaN|key|undefined/);
  });
});
