/** @file CFLOW's learning rate, as released: a cosine in 25 stairs ("meta-epochs"), and a linear rise over the first two. */

const STAIRS = 25;
const RISING = 2;
/** Of the rate: where the rise begins, and where the cosine ends. */
const LOWEST_AT_START = 0.1;
const LOWEST = 1e-3;

/** @param done Share of the steps that are taken, 0 up to 1. */
export function cflowRate(learningRate: number, done: number): number {
  const at = done * STAIRS;
  if (at >= RISING) return onStair(learningRate, Math.floor(at));
  const start = LOWEST_AT_START * learningRate;
  return start + (at / RISING) * (onStair(learningRate, RISING) - start);
}

function onStair(learningRate: number, stair: number): number {
  const lowest = LOWEST * learningRate;
  return lowest + ((learningRate - lowest) * (1 + Math.cos((Math.PI * stair) / STAIRS))) / 2;
}
