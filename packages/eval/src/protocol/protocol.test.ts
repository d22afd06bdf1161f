/** @file The protocol as data: what makes two results comparable, and how a difference is said. */
import { protocolSchema } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import {
  isSameProtocol,
  NAMED_PROTOCOLS,
  PLUMBLINE_PROTOCOL,
  protocolDifferences,
  protocolFor,
  protocolKey,
  RLR_PROTOCOL,
} from '../index.ts';

/** As bundles of 0.1 hold it. */
const FROM_0_1 = {
  name: 'plumbline-256',
  imageSizePx: 256,
  resize:
    'cubic (a = -0.5, antialiased, half-pixel centers, on uint8) to a square, aspect ratio not kept',
  imageScoreRule: 'maximum of the anomaly map after Gaussian smoothing (sigma 4 px)',
  pixelScoreRule: 'anomaly map as it is, not smoothed',
  maskRule: 'nearest-neighbor resize; any non-zero pixel is anomalous',
  evaluationSizePx: 256,
  epochRule: 'last step; no selection on the test split',
  mean: 'unweighted over the categories where the metric is defined',
};

test('the protocol at another size differs in its sizes and its name only', () => {
  expect(protocolSchema.parse(PLUMBLINE_PROTOCOL)).toEqual(protocolFor(256));
  expect(protocolFor(128)).toEqual({
    ...PLUMBLINE_PROTOCOL,
    name: 'plumbline-128',
    imageSizePx: 128,
    evaluationSizePx: 128,
  });
  expect(isSameProtocol(PLUMBLINE_PROTOCOL, protocolFor(256))).toBe(true);
  expect(isSameProtocol(PLUMBLINE_PROTOCOL, protocolFor(128))).toBe(false);
  expect(() => protocolFor(0)).toThrow(/image size is 0/);
});

test('a manifest of 0.1 is on the board of its rules, which have not changed', () => {
  const read = protocolSchema.parse(FROM_0_1);
  expect(read).toEqual(PLUMBLINE_PROTOCOL);
  expect(protocolKey(read)).toBe(protocolKey(PLUMBLINE_PROTOCOL));
});

test('masks with regions that the resize would lose have a protocol of their own', () => {
  const kept = protocolFor(256, { keptRegions: true });
  expect(protocolFor(256, { keptRegions: false })).toEqual(PLUMBLINE_PROTOCOL);
  expect(protocolDifferences(PLUMBLINE_PROTOCOL, kept).map((one) => one.field)).toEqual([
    'maskRule',
  ]);
});

test('a difference in one rule makes another protocol, whatever it is called', () => {
  const other = { ...PLUMBLINE_PROTOCOL, maskRule: 'bilinear resize, then above one half' };
  expect(isSameProtocol(PLUMBLINE_PROTOCOL, other)).toBe(false);
  expect(protocolKey(other)).not.toBe(protocolKey(PLUMBLINE_PROTOCOL));
  expect(protocolKey(other)).toMatch(/^plumbline-256-[0-9a-f]{8}$/);
  expect(protocolDifferences(PLUMBLINE_PROTOCOL, other)).toEqual([
    {
      field: 'maskRule',
      label: 'Masks',
      here: 'nearest-neighbor resize; any non-zero pixel is anomalous',
      there: 'bilinear resize, then above one half',
    },
  ]);
  const renamed = { ...PLUMBLINE_PROTOCOL, name: 'mine' };
  expect(protocolDifferences(PLUMBLINE_PROTOCOL, renamed).map((one) => one.field)).toEqual([
    'name',
  ]);
  expect(protocolDifferences(PLUMBLINE_PROTOCOL, PLUMBLINE_PROTOCOL)).toEqual([]);
});

test('the conventions of others are whole protocols that say how they differ from ours', () => {
  expect(NAMED_PROTOCOLS.map(({ protocol }) => protocol.name)).toEqual([
    'plumbline-256',
    'rlr-256',
    'ader-256',
    'dinomaly-392',
  ]);
  for (const { protocol, differences } of NAMED_PROTOCOLS) {
    expect(protocolSchema.parse(protocol)).toEqual(protocol);
    expect(differences.length === 0).toBe(protocol === PLUMBLINE_PROTOCOL);
  }
  const fields = protocolDifferences(PLUMBLINE_PROTOCOL, RLR_PROTOCOL).map((one) => one.field);
  expect(fields).toContain('epochRule');
  expect(fields).not.toContain('imageScoreRule');
  expect(fields).not.toContain('maskRule');
});
