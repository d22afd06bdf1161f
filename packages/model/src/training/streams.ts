/** @file Random numbers of a training by what they are for, so that no two purposes share any and no order matters. */
import { RandomStream } from '../nn/random.ts';

/** A stream that is a function of the seed, its purpose and where it is used. */
export type Streams = (purpose: string, ...at: readonly (string | number)[]) => RandomStream;

/** Streams of one stage of a fit. */
export function streamsOf(seed: number, stage: string): Streams {
  return (purpose, ...at) => RandomStream.from(seed, [purpose, stage, ...at].join('/'));
}
