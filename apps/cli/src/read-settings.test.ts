import { rlrSettingsSchema } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

describe('readSettings', () => {
  it('reads numbers, booleans, texts, lists and parts', () => {
    const settings = readSettings([
      'layers=4',
      'learningRate=1e-4',
      'maskTokens=true',
      'gate=net',
      'blocks=mca,nsa',
      'strides=16',
      'widths.16=256',
      'widths.32=128',
    ]);
    expect(settings).toEqual({
      layers: 4,
      learningRate: 1e-4,
      maskTokens: true,
      gate: 'net',
      blocks: ['mca', 'nsa'],
      strides: [16],
      widths: { 16: 256, 32: 128 },
    });
    expect(rlrSettingsSchema.parse(settings)).toEqual(settings);
  });

  it('refuses what is no pair', () => {
    for (const pair of ['layers', '=4', 'layers=', 'a.b.c=1'])
      expect(() => readSettings([pair])).toThrow(/key=value/);
  });
});
