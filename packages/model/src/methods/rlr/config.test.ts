import type { RlrSettings } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { learningRate } from '../../training/schedules.ts';
import { networkConfig, resolvePreset } from './config.ts';

describe('resolvePreset', () => {
  it('replaces what is set and keeps the rest', () => {
    const preset = resolvePreset('quick', { layers: 3, widths: { 16: 64 }, steps: { 16: 7 } });
    expect(preset.layers).toBe(3);
    expect(preset.heads).toBe(resolvePreset('quick').heads);
    expect(preset.levels[16]).toMatchObject({ width: 64, steps: 7 });
    expect(preset.levels[32]).toEqual(resolvePreset('quick').levels[32]);
  });

  it.each([
    [{ colour: 1 }, 'settings.colour', /RLR has no setting "colour"\. RLR has .*jitterScale/],
    [{ gate: 'wide' }, 'settings.gate', /none, gate, net/],
    [{ blocks: ['mca', 'mca'] }, 'settings.blocks', /once/],
    [{ jitterProbability: 2 }, 'settings.jitterProbability', /to 1/],
    [{ referenceLoss: true }, 'settings.referenceLoss', /referenceLength/],
    [{ widths: { 15: 8 } }, 'settings.widths', /8, 16, 24, 28, 32, 48, 56, 64/],
  ])('refuses %j by name', (settings, field, message) => {
    const refused = () => resolvePreset('quick', settings);
    expect(refused).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', field }));
    expect(refused).toThrow(message);
  });

  it('refuses a width that the heads do not divide', () => {
    const preset = resolvePreset('quick', { heads: 7 });
    expect(() => networkConfig(preset, 16, 8)).toThrow(/not a multiple of 7 heads/);
  });

  it('gives fine levels local attention alone, unless blocks are asked for', () => {
    const blocksOf = (settings: RlrSettings) => {
      const preset = resolvePreset('quick', settings);
      return [32, 16].map((grid) => networkConfig(preset, grid, 8).blocks);
    };
    const both = ['mca', 'nsa'];
    expect(blocksOf({})).toEqual([['mca'], both]);
    expect(blocksOf({ localGrids: [] })).toEqual([both, both]);
    expect(blocksOf({ blocks: ['mca', 'nsa'] })).toEqual([both, both]);
    expect(blocksOf({ blocks: ['ca', 'nsa'], localGrids: ['32'] })).toEqual([
      ['mca'],
      ['ca', 'nsa'],
    ]);
  });

  it('keeps what the paper says as it was', () => {
    expect(resolvePreset('paper')).toMatchObject({
      ...{ whitening: false, localGrids: [], optimizer: 'adam', learningRate: 1e-4 },
      ...{ cosineWeight: 1, levelWeights: 'equal' },
    });
  });

  it('numbers blocks as the released code does, however they are given', () => {
    const preset = resolvePreset('quick', { blocks: ['nsa', 'mca'] });
    expect(networkConfig(preset, 16, 8).blocks).toEqual(['mca', 'nsa']);
  });
});

describe('learningRate', () => {
  const rates = (settings: RlrSettings) => {
    const preset = resolvePreset('paper', { learningRate: 1, ...settings });
    return [0, 1, 2, 3, 4, 5].map((step) => learningRate(preset, step, 6));
  };

  it('is constant, or falls as half a cosine, or rises first', () => {
    expect(rates({})).toEqual([1, 1, 1, 1, 1, 1]);
    const decayed = rates({ cosineDecay: true });
    expect(decayed[0]).toBe(1);
    expect(decayed[3]).toBeCloseTo(0.5, 12);
    expect(decayed[5]).toBeLessThan(0.1);
    const warmed = rates({ cosineDecay: true, warmupSteps: 2 });
    expect(warmed.slice(0, 2)).toEqual([1 / 3, 2 / 3]);
    expect(warmed[2]).toBe(1);
    expect(warmed[4]).toBeCloseTo(0.5, 12);
  });
});
