/** @file The table of metrics, what derives from it, and that the protocol document says the same. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  ALL_METRIC_NAMES,
  CORE_METRIC_NAMES,
  METRICS,
  metricsSchema,
  metricsToShow,
  UNDEFINED_METRICS,
} from '../index.ts';

test('the seven come first, and each has a name of its own', () => {
  expect(CORE_METRIC_NAMES).toHaveLength(7);
  expect(ALL_METRIC_NAMES.slice(0, 7)).toEqual(CORE_METRIC_NAMES);
  const shorts = ALL_METRIC_NAMES.map((name) => METRICS[name].short);
  expect(new Set(shorts).size).toBe(ALL_METRIC_NAMES.length);
});

test('a result that knew the seven alone is read; one without them is not', () => {
  const seven = Object.fromEntries(CORE_METRIC_NAMES.map((name) => [name, 0.5]));
  expect(metricsSchema.parse(seven)).toEqual({ ...UNDEFINED_METRICS, ...seven });
  expect(metricsSchema.safeParse({ ...seven, aupro30: undefined }).success).toBe(false);
  expect(metricsSchema.safeParse({ ...seven, imageAp: 1.5 }).success).toBe(false);
});

test('the seven are always shown, another where a row has it', () => {
  expect(metricsToShow([{ mean: UNDEFINED_METRICS }])).toEqual(CORE_METRIC_NAMES);
  expect(metricsToShow([{ mean: { ...UNDEFINED_METRICS, aupimo: 0 } }])).toContain('aupimo');
});

test('the table in docs/evaluation-protocol.md is that of the metrics', () => {
  const file = new URL('../../../../docs/evaluation-protocol.md', import.meta.url);
  const rows = ALL_METRIC_NAMES.map((name) => {
    const { short, over, definition } = METRICS[name];
    return `| \`${name}\` | ${short} | ${over} | ${definition} |`;
  });
  const table = ['| Number | Name | Over | Definition |', '|---|---|---|---|', ...rows].join('\n');
  expect(readFileSync(file, 'utf8')).toContain(`${table}\n\n`);
});
