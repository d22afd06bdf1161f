import { METHODS, methodDefinition } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { settingsHelp } from './settings-help.ts';

test('the help names every setting of every method with what it may be', () => {
  const sections = settingsHelp()
    .split(/\n(?=Settings of )/)
    .slice(1);
  expect(sections).toHaveLength(METHODS.length);
  for (const [index, name] of METHODS.entries()) {
    const { title, fields } = methodDefinition(name);
    const heading = `Settings of ${title} (--method ${name})`;
    expect(sections[index]?.slice(0, heading.length)).toBe(heading);
    for (const field of fields) expect(sections[index]).toContain(`\n  ${field.name} `);
  }
  expect(sections[0]).toMatch(/bankShare +Bank share: a number above 0 up to 1\./);
  for (const line of settingsHelp().split('\n').slice(3))
    if (line.startsWith('  ')) expect(line.length).toBeLessThanOrEqual(100);
});
