/** @file Tests of what the audit log keeps of an input. */
import { expect, test } from 'vitest';
import { auditedInput } from './audited-input.ts';

test('fields stay as they are, secrets do not', () => {
  const input = {
    name: 'a',
    nested: { apiSecret: 'x', list: [1, true, null] },
    password: 'hunter2',
  };
  expect(auditedInput(input)).toEqual({
    name: 'a',
    nested: { apiSecret: '…', list: [1, true, null] },
    password: '…',
  });
  expect(auditedInput(undefined)).toEqual({});
  expect(auditedInput('text')).toEqual({ value: 'text' });
  expect(auditedInput([1])).toEqual({ value: [1] });
});

test('however long, it stays short, and is JSON that the database takes', () => {
  const deep = (depth: number): unknown => (depth === 0 ? 1 : { inner: deep(depth - 1) });
  const inputs = [
    { paths: Array.from({ length: 10_000 }, (_, index) => `train/normal/${index}.png`) },
    { text: 'a'.repeat(1e6) },
    Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`field ${index}`, 'b'.repeat(90)]),
    ),
    {
      ['k'.repeat(1e5)]: 'v'.repeat(400),
      other: Array.from({ length: 20 }, () => 'c'.repeat(400)),
    },
    deep(1_000),
    { odd: 'NUL \u0000 half \ud800 end' },
  ];
  for (const input of inputs) {
    const json = JSON.stringify(auditedInput(input));
    expect(json.length).toBeLessThanOrEqual(4_500);
    expect(json).not.toMatch(/\\u0000|\\ud800/);
  }
  expect(auditedInput(inputs[0])).toMatchObject({
    paths: expect.arrayContaining(['train/normal/0.png', '… 10000 in all']),
  });
});
