import { methodDefinition } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

const { fields, settings: schema } = methodDefinition('rlr');

describe('readSettings', () => {
  it('reads numbers, booleans, texts, lists and parts', () => {
    const settings = readSettings(
      [
        'layers=4',
        'learningRate=1e-4',
        'maskTokens=true',
        'gate=net',
        'blocks=mca,nsa',
        'strides=16',
        'widths.16=256',
        'widths.32=128',
      ],
      fields,
    );
    expect(settings).toEqual({
      layers: 4,
      learningRate: 1e-4,
      maskTokens: true,
      gate: 'net',
      blocks: ['mca', 'nsa'],
      strides: [16],
      widths: { 16: 256, 32: 128 },
    });
    expect(schema.parse(settings)).toEqual(settings);
  });

  it('takes the last of two, and leaves what is no setting for the contract', () => {
    expect(readSettings(['layers=4', 'layers=2', 'bankMax=9'], fields)).toEqual({
      layers: 2,
      bankMax: '9',
    });
  });

  it('keeps a part of what has none, so that it is refused', () => {
    const settings = readSettings(['layers.16=4'], fields);
    expect(schema.safeParse(settings).success).toBe(false);
  });

  it('refuses what is no pair', () => {
    for (const pair of ['layers', '=4', 'layers=', 'a.b.c=1'])
      expect(() => readSettings([pair], fields)).toThrow(/key=value/);
  });
});
