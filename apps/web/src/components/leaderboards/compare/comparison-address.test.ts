/** @file Tests of the address of a comparison. */
import { expect, test } from 'vitest';
import { comparisonPath, parseComparison } from './comparison-address.ts';

test('an address is read and written the same', () => {
  const search = {
    a: 'parts-rlr@1',
    b: 'parts-padim@2',
    datasetVersion: 'v1-abc',
    protocol: 'plumbline-256',
    metric: 'aupro30',
    images: 'all',
    category: 'bolt',
  };
  const path = comparisonPath(parseComparison('my parts', search));
  const [place, query] = path.split('?');
  expect(place).toBe('/leaderboards/my%20parts/compare');
  expect(Object.fromEntries(new URLSearchParams(query))).toEqual(search);
});

test('what is unknown or absent is the default, and stays out of the link', () => {
  const address = parseComparison('parts', {
    a: 'x@1',
    b: ['y@1', 'z@1'],
    metric: 'no',
    images: 'no',
  });
  expect(address).toMatchObject({ b: null, metric: 'imageAuroc', images: 'disagreeing' });
  expect(comparisonPath(address)).toBe('/leaderboards/parts/compare?a=x%401');
});
