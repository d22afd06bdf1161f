import { expect, test } from 'vitest';
import { METHODS, methodDefinition } from '../methods/index.ts';
import { memoryAdvice } from './memory-advice.ts';

test.each(METHODS)('%s: names settings that it has, one of which bounds the memory', (method) => {
  const [, names = ''] = /a lower (.+) \(--set (\w+)=/.exec(memoryAdvice(method)) ?? [];
  const named = names.split(', ');
  expect(named).toEqual(methodDefinition(method).memory.growsWith);
  expect(named.length).toBeGreaterThan(1);
  for (const name of named)
    expect(Object.keys(methodDefinition(method).settings.shape)).toContain(name);
});
