import { describe, expect, it } from 'vitest';
import { EMBEDDED_BACKBONE_FACTS } from '../embedded-backbones.ts';
import { startTrainingInput } from '../training-input.ts';
import { describeEstimate, estimateRun, type PartTiming } from './estimate-run.ts';
import { planTraining } from './plan-training.ts';
import type { RunPart } from './run-part.ts';
import { planParts } from './run-parts.ts';
import { streamedParts } from './streamed-parts.ts';
import { timeLeft } from './time-left.ts';

const dataset = {
  hash: 'h',
  categories: ['a', 'b'].map((name) => ({
    ...{ name, normal: 40, distinctNormal: 40, test: 20, meanPixels: 65_536 },
  })),
};

function parts(change: Record<string, unknown> = {}): RunPart[] {
  const input = startTrainingInput.parse({ dataset: 'd', backbone: 'standard', ...change });
  return planParts(input, planTraining(input, EMBEDDED_BACKBONE_FACTS.standard), dataset);
}

/** As if every part had taken so many times what the constants say. */
function timed(planned: readonly RunPart[], factor: number, runId = 'r'): PartTiming[] {
  return planned.map(({ key, units, expectedSeconds }) => ({
    ...{ runId, key, units, expectedSeconds },
    seconds: factor * expectedSeconds,
  }));
}

const total = (planned: readonly RunPart[]) =>
  planned.reduce((sum, part) => sum + part.expectedSeconds, 0);

describe.each(['patchcore', 'retrieval', 'rlr', 'padim'])('the parts of a run of %s', (method) => {
  it('cover every stage, and features cost more at a larger size', () => {
    const small = parts({ method, imageSizePx: 256 });
    expect([...new Set(small.map(({ stage }) => stage))]).toEqual([
      ...['features', 'fit', 'export', 'evaluate', 'publish'],
    ]);
    const large = parts({ method, imageSizePx: 512 });
    // Only they: RLR has other networks and steps for other grids.
    const features = (planned: readonly RunPart[]) =>
      total(planned.filter(({ stage }) => stage === 'features'));
    expect(features(large)).toBeGreaterThan(features(small));
    expect(new Set(large.map(({ key }) => key)).size).toBe(large.length);
  });

  it('cost about as much more as there are tiles, and have keys of their own', () => {
    const [whole, tiled] = [
      parts({ method }),
      parts({ method, settings: { tileRows: 2, tileColumns: 3 } }),
    ];
    const evaluation = (planned: readonly RunPart[]) =>
      planned.find(({ part }) => part === 'evaluate')?.expectedSeconds ?? 0;
    expect(evaluation(tiled) / evaluation(whole)).toBeGreaterThan(3);
    expect(total(tiled)).toBeGreaterThan(total(whole));
    const keys = new Set(whole.map(({ key }) => key));
    expect(tiled.filter(({ key, part }) => keys.has(key) && part === 'evaluate')).toEqual([]);
  });

  it('take what they took before', () => {
    const planned = parts({ method });
    const { seconds, runs } = estimateRun(planned, timed(planned, 3));
    expect(seconds).toBeCloseTo(3 * total(planned), 6);
    expect(runs).toBe(1);
  });
});

describe('estimateRun', () => {
  it('scales constants by the machine where nothing was measured, and says so', () => {
    const planned = parts({ method: 'rlr' });
    const estimate = estimateRun(planned, [], 2);
    expect(estimate.seconds).toBeCloseTo(2 * total(planned), 6);
    expect(describeEstimate(estimate)).toMatch(/^about .* \(not measured here yet\)$/);
  });

  it('takes other work on this machine for its speed before it takes the constants', () => {
    const planned = parts({ method: 'rlr' });
    const other = timed(parts({ method: 'padim', preset: 'tiny' }), 4);
    expect(estimateRun(planned, other).seconds).toBeCloseTo(4 * total(planned), 6);
    expect(estimateRun(planned, other).runs).toBe(0);
  });

  it('spans what runs took, and counts them', () => {
    const planned = parts({ method: 'patchcore' });
    const factors = [60, 80, 100].map((seconds) => seconds / total(planned));
    const timings = factors.flatMap((factor, run) => timed(planned, factor, `run ${run}`));
    const estimate = estimateRun(planned, timings);
    expect(estimate.lowSeconds).toBeCloseTo(60, 6);
    expect(estimate.seconds).toBeCloseTo(80, 6);
    expect(estimate.highSeconds).toBeCloseTo(100, 6);
    expect(describeEstimate(estimate)).toBe('1 to 2 min (from 3 runs on this machine)');
  });
});

describe('timeLeft', () => {
  const planned = [20, 60, 20].map((seconds) => ({ seconds }));
  const whole = (seconds: number) => ({ seconds, share: 1 });

  it('counts later parts by their estimates, not by the pace of an early one', () => {
    const early = {
      parts: planned,
      current: 0,
      fraction: 0.02,
      begunAt: 0,
      secondsInPart: 2,
      pace: { seconds: 2, share: 0.02 },
      taken: [],
    };
    const { seconds, progress } = timeLeft(early);
    expect(progress).toBeCloseTo(0.004, 6);
    expect(seconds).toBeGreaterThan(90);
    expect(seconds).toBeLessThan(130);
  });

  it('moves from estimate to pace without a jump', () => {
    let before = timeLeft({
      ...{
        parts: planned,
        current: 1,
        fraction: 0,
        begunAt: 0,
        secondsInPart: 0,
        pace: null,
        taken: [whole(20)],
      },
    }).seconds;
    // Twice as slow as estimated.
    for (let fraction = 0.01; fraction < 1; fraction += 0.01) {
      const secondsInPart = 120 * fraction;
      const position = {
        ...{ parts: planned, current: 1, fraction, begunAt: 0, secondsInPart },
        pace: { seconds: secondsInPart, share: fraction },
        taken: [whole(20)],
      };
      const { seconds } = timeLeft(position);
      expect(Math.abs(seconds - before)).toBeLessThan(8);
      before = seconds;
    }
    // The next part is expected to be slower as well.
    expect(before).toBeGreaterThan(25);
    expect(before).toBeLessThan(45);
    const next = {
      ...{ parts: planned, current: 2, fraction: 0, begunAt: 0, secondsInPart: 0, pace: null },
      taken: [whole(20), whole(120)],
    };
    expect(Math.abs(timeLeft(next).seconds - before)).toBeLessThan(2);
  });

  it('takes a slow beginning for a slow machine, within bounds', () => {
    const leftAfter = (took: number) =>
      timeLeft({
        ...{ parts: planned, current: 1, fraction: 0, begunAt: 0, secondsInPart: 0, pace: null },
        taken: [whole(took)],
      }).seconds;
    expect(leftAfter(20)).toBeCloseTo(80, 6);
    expect(leftAfter(40)).toBeGreaterThan(100);
    expect(leftAfter(1e6)).toBeLessThanOrEqual(800);
  });

  it('goes by the pace of what is done here, not by what was in the cache or done before', () => {
    // Nine tenths were there; a tenth of the rest has taken a second.
    const position = {
      ...{ parts: planned, current: 1, fraction: 0.91, begunAt: 0.9, secondsInPart: 1 },
      pace: { seconds: 1, share: 0.01 },
      taken: [whole(20)],
    };
    const { seconds } = timeLeft(position);
    // About 9 s of its own, and 20 s of the last part.
    expect(seconds).toBeGreaterThan(22);
    expect(seconds).toBeLessThan(34);
  });

  it('takes a part of which a share was done here for that share alone', () => {
    // A twentieth of the second part took a twentieth of its time: as estimated.
    const { seconds } = timeLeft({
      ...{ parts: planned, current: 2, fraction: 0, begunAt: 0, secondsInPart: 0, pace: null },
      taken: [null, { seconds: 3, share: 0.05 }],
    });
    expect(seconds).toBeCloseTo(20, 6);
  });
});

describe('features that are computed as they are read', () => {
  const kept = parts({ method: 'padim' });
  const streamed = streamedParts(kept);
  const named = (of: readonly RunPart[], name: string) =>
    of.find(({ part }) => part === name) as RunPart;

  it('take the time of each reading in the parts that read them', () => {
    const each = named(kept, 'features').expectedSeconds / named(kept, 'features').units;
    const reads = kept.reduce((sum, { readImages = 0 }) => sum + readImages, 0);
    // PaDiM reads an image twice, and some of each of two categories once more for its components.
    expect(reads).toBe(2 * 80 + 2 * 24);
    expect(total(streamed)).toBeCloseTo(total(kept) + (reads - 80) * each, 6);
    expect(streamed.map(({ part }) => part)).toEqual(kept.map(({ part }) => part));
    expect(named(streamed, 'features').units).toBe(0);
  });

  it('are estimated by what was measured of runs that kept them', () => {
    const { seconds, runs } = estimateRun(streamed, timed(kept, 3));
    expect(seconds).toBeCloseTo(3 * total(streamed), 6);
    expect(runs).toBe(1);
  });

  it('are planned where they would not fit, for a method that reads in order', () => {
    const bytes = (method: string, limit: number) => {
      const input = startTrainingInput.parse({ dataset: 'd', backbone: 'standard', method });
      const plan = planTraining(input, EMBEDDED_BACKBONE_FACTS.standard);
      return named(planParts(input, plan, dataset, limit), 'features').units;
    };
    expect(bytes('padim', 1e6)).toBe(0);
    expect(bytes('padim', 1e12)).toBe(80);
    expect(bytes('rlr', 1e6)).toBeGreaterThan(0);
  });
});
