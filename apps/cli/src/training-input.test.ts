import { DomainError } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { readTrainingInput, type TrainingOptions } from './training-input.ts';

const options: TrainingOptions = {
  dataset: 'parts',
  method: 'patchcore',
  preset: 'quick',
  set: [],
  backbone: 'standard',
  seed: '0',
};
const read = (change: Partial<TrainingOptions>) => readTrainingInput({ ...options, ...change });

function refusal(change: Partial<TrainingOptions>): DomainError {
  try {
    read(change);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('readTrainingInput', () => {
  it('takes the image size for every method, and each method its own settings', () => {
    for (const method of ['patchcore', 'padim', 'rlr'])
      expect(read({ method, set: ['imageSizePx=512'] })).toMatchObject({
        settings: { imageSizePx: 512 },
      });
    expect(read({ set: ['bankMax=500', 'bankShare=0.05'] }).settings).toEqual({
      bankMax: 500,
      bankShare: 0.05,
    });
    expect(read({ method: 'padim', set: ['channels=50'] }).settings).toEqual({ channels: 50 });
    expect(read({ method: 'rlr', set: ['widths.16=64'] }).settings).toEqual({ widths: { 16: 64 } });
  });

  it('refuses a setting that the method does not have by naming those it has', () => {
    expect(refusal({ set: ['layers=4'] }).message).toMatch(
      /^--set layers: PatchCore has no setting "layers"\. PatchCore has imageSizePx, .*bankMax.*\. It is a setting of RLR, .*FOD.* and [\w-]+\.$/,
    );
    expect(refusal({ method: 'padim', set: ['layers=4'] }).message).toContain('PaDiM has');
    expect(refusal({ method: 'rlr', set: ['bankMax=4'] }).message).toMatch(/RLR has .*layers/);
  });

  it.each([
    [
      { set: ['imageSizePx=300'] },
      '--set imageSizePx: Give one of 64, 128, 224, 256, 384, 448, 512 (px).',
    ],
    [{ set: ['bankMax=0'] }, '--set bankMax: Give a whole number from 1 to 200000'],
    [{ method: 'rlr', set: ['widths.7=64'] }, '--set widths: Give a whole number'],
    [{ seed: '-3' }, '--seed: Give a whole number from 0 to 2147483647.'],
    [{ seed: '1.5' }, '--seed: Give a whole number'],
    [{ seed: '' }, '--seed: Give a whole number'],
    [{ seed: 'x' }, '--seed: Give a whole number'],
    [{ maxSteps: '0' }, '--max-steps: Give a whole number from 1'],
    [{ taps: '' }, '--taps: '],
    [{ decoder: true }, '--decoder: PatchCore rebuilds no features'],
    [{ method: 'knn' }, '--method: '],
    [{ method: '__proto__', set: ['a=1'] }, '--method: '],
  ])('names the option that was typed: %j', (change, message) => {
    const { message: said } = refusal(change);
    expect(said.slice(0, message.length)).toBe(message);
  });
});
