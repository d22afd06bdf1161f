/** @file From which share of the votes a found category is a sure one, by the training images themselves. */
import type { LeftOut } from './leave-one-out.ts';

/** Of the answers that are called sure, at most this share may be wrong among the training images. */
const WRONG_SHARE = 0.01;
/** Less than a clear majority is never sure, however well the categories can be told apart. */
const LEAST = 0.6;

/** @returns The lowest share, at least 0.6, from which on at most 1 % of the answers are wrong; 1 where there is none. */
export function sureShare(leftOut: readonly LeftOut[]): number {
  const answers = [...leftOut].sort((a, b) => b.confidence - a.confidence);
  let sureFrom = answers.length === 0 ? LEAST : 1;
  let wrong = 0;
  for (const [index, { confidence, category, found }] of answers.entries()) {
    wrong += category === found ? 0 : 1;
    const isLastOfEqual = answers[index + 1]?.confidence !== confidence;
    if (isLastOfEqual && wrong <= WRONG_SHARE * (index + 1)) sureFrom = confidence;
  }
  // Below the lowest answer seen nothing speaks against the least share.
  const lowest = answers.at(-1)?.confidence ?? LEAST;
  return sureFrom === lowest ? LEAST : Math.max(LEAST, sureFrom);
}
