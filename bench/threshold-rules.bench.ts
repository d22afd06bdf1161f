/**
 * @file The threshold rules on the same real scores, as `bench -- fold-thresholds --scores FILE` wrote them: false alarms and
 * misses on the test split, for information. With `--images n` each category keeps n of its held-out scores, drawn 20 times.
 *
 *     npm run bench -- threshold-rules --scores real10.json [--images 8] [--target 0.01]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fitCuts, THRESHOLD_RULES, thresholdEffect } from '@plumbline/eval';
import type { MeasuredScores } from './fold-thresholds.bench.ts';
import { xorshift } from './random.ts';

const { values } = parseArgs({
  options: {
    scores: { type: 'string' },
    /** Held-out scores of each category to keep; all when absent. */
    images: { type: 'string' },
    target: { type: 'string', default: '0.01' },
  },
});
if (values.scores === undefined) throw new Error('--scores needs a file of fold-thresholds.');
const measured = JSON.parse(readFileSync(values.scores, 'utf8')) as readonly MeasuredScores[];
const draws = values.images === undefined ? 1 : 20;

for (const { seed, heldOut, test } of measured) {
  const rows = THRESHOLD_RULES.map((rule) => {
    const random = xorshift(seed + 1);
    const sum = { missed: 0, falseAlarms: 0, worst: 0 };
    let counted = { anomalous: 0, normal: 0 };
    for (let draw = 0; draw < draws; draw += 1) {
      const kept = heldOut.map(([name, scores]) => [name, some(scores, random)] as const);
      const cuts = fitCuts(Object.fromEntries(kept), {
        rule,
        falseAlarmTarget: Number(values.target),
      });
      const effect = thresholdEffect(
        test.map((image) => ({ ...image, defectType: null })),
        {
          pooled: { imageThreshold: cuts.pooled.threshold },
          categories: Object.fromEntries(
            Object.entries(cuts.categories).map(([name, { threshold }]) => [
              name,
              { imageThreshold: threshold },
            ]),
          ),
        },
      );
      counted = effect.total;
      sum.missed += effect.total.missed / draws;
      sum.falseAlarms += effect.total.falseAlarms / draws;
      const alarms = Object.values(effect.categories).map((one) => one.falseAlarms);
      sum.worst += Math.max(...alarms) / draws;
    }
    return {
      seed,
      rule,
      missed: `${sum.missed.toFixed(1)} of ${counted.anomalous}`,
      'false alarms': `${sum.falseAlarms.toFixed(1)} of ${counted.normal}`,
      rate: `${((100 * sum.falseAlarms) / counted.normal).toFixed(1)} %`,
      'most in a category': sum.worst.toFixed(1),
    };
  });
  console.table(rows);
}

function some(scores: readonly number[], random: () => number): readonly number[] {
  if (values.images === undefined) return scores;
  const keyed = scores.map((score) => [random(), score] as const).sort(([a], [b]) => a - b);
  return keyed.slice(0, Number(values.images)).map(([, score]) => score);
}
