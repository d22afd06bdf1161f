import { imageSizeOfRun, METHODS, PRESETS } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { getMethod } from './index.ts';

test.each(METHODS.flatMap((method) => PRESETS.map((preset) => [method, preset] as const)))(
  'the size said before %s %s starts is the one it trains at',
  (method, preset) => {
    const { imageSizePx } = getMethod(method).featureSettings(preset, {});
    expect(imageSizeOfRun({ preset })).toBe(imageSizePx);
  },
);

test('a size that is set is said', () => {
  const rlr = { imageSizePx: 512 };
  expect(imageSizeOfRun({ preset: 'tiny', rlr })).toBe(512);
  expect(getMethod('rlr').featureSettings('quick', { rlr }).imageSizePx).toBe(512);
});
