import { describe, expect, it } from 'vitest';
import { streamsOf } from '../../training/streams.ts';
import { Fibers } from './fibers.ts';

const PLACES = 9;
/** 4 images of 9 places are 36 vectors: 7 steps of 5, one vector is left out. */
const SIZES = { places: PLACES, channels: 1, batchSize: 4, vectors: 5, fibers: 7 };

/** Of each vector its image and place. */
function fibers() {
  return new Fibers(
    SIZES,
    {
      count: 10,
      read: (images, out) => {
        for (const [slot, image] of images.entries())
          for (let place = 0; place < PLACES; place++)
            out[slot * PLACES + place] = 100 * image + place;
      },
      codes: Float32Array.from({ length: PLACES }, (_, place) => place),
    },
    streamsOf(3, 'layer2'),
  );
}

function step(of: Fibers, at: number): number[] {
  const { vectors, codes } = of.feeds(at);
  expect([...(codes?.data ?? [])]).toEqual([...(vectors?.data ?? [])].map((x) => Number(x) % 100));
  return [...(vectors?.data ?? [])].map(Number);
}

describe('Fibers', () => {
  it('takes the vectors of the images drawn together in turn, each at most once, with its place', () => {
    const source = fibers();
    const all = Array.from({ length: 7 }, (_, at) => step(source, at)).flat();
    expect(new Set(all).size).toBe(35);
    const images = new Set(all.map((x) => Math.floor(x / 100)));
    expect([...images].sort()).toEqual([...source.images(0)].sort());
    expect(source.images(6)).toEqual(source.images(0));
    expect(source.images(7)).not.toEqual(source.images(0));
  });

  it('goes on from any step, in the middle of a draw too', () => {
    const whole = fibers();
    const steps = Array.from({ length: 16 }, (_, at) => step(whole, at));
    for (const from of [3, 7, 12]) {
      const resumed = fibers();
      for (let at = from; at < 16; at++) expect(step(resumed, at)).toEqual(steps[at]);
    }
  });
});
