/** @file Maps of suspects as a bundle keeps them. */
import { expect, it } from 'vitest';
import { fromStoredMap, suspectMapsFileSchema, toSuspectMapsFile } from './suspect-maps.ts';

it('are read back as they were written, and refused where values are missing', () => {
  const values = Float32Array.of(0.1, -2, 1e30, Number.EPSILON);
  const map = { sha256: 'ab'.repeat(32), threshold: 0.7, values };
  const text = JSON.stringify(toSuspectMapsFile([map]));
  const [stored] = suspectMapsFileSchema.parse(JSON.parse(text)).maps;
  if (stored === undefined) throw new Error('No map was kept');
  expect(fromStoredMap(stored)).toEqual(map);
  expect(() => fromStoredMap({ ...stored, side: 3 })).toThrow(RangeError);
});
