/** @file How normal images that come without a split are put into training and test. */
import { z } from 'zod';

/** A longer pattern is none that anybody reads. */
const MAX_PATTERN = 200;

const shareMessage = 'Give a share of 0 to 0.9, such as 0.2.';

/** What whoever imports may ask for. */
export const splitRuleSchema = z.object({
  /** Of the normal images of each category, 0 to 0.9: they are tested with, by the hash of their bytes or group. */
  testShare: z.number({ error: shareMessage }).min(0, shareMessage).max(0.9, shareMessage),
  /**
   * A regular expression with one capture group, searched in each path: images with the same capture (part, sheet, lot)
   * stay on one side.
   */
  groupBy: z.string().min(1).max(MAX_PATTERN).optional(),
});
export type SplitRule = z.infer<typeof splitRuleSchema>;

/** What came of it. */
export const madeSplitSchema = splitRuleSchema.extend({
  /** Whether nobody asked for a share: the layout has no split, and its own default was taken. */
  isDefault: z.boolean(),
  /** Normal images on either side. */
  train: z.number().int(),
  test: z.number().int(),
  /** Groups on either side; absent where every image was on its own. */
  groups: z.object({ train: z.number().int(), test: z.number().int() }).optional(),
});
export type MadeSplit = z.infer<typeof madeSplitSchema>;

/** In a sentence. */
export function splitWords({ testShare, groupBy, isDefault, train, test, groups }: MadeSplit) {
  const share = `${Math.round(testShare * 1000) / 10} %`;
  const by =
    groups === undefined
      ? 'by the hash of their bytes'
      : `by group${groupBy === undefined ? '' : ` (${groupBy})`}, ${groups.train} groups in training and ${groups.test} in test`;
  const why = isDefault ? ' The dataset has no split of its own; --split sets another share.' : '';
  return `${test} of ${train + test} normal images are tested with (${share} asked for), chosen ${by}.${why}`;
}
