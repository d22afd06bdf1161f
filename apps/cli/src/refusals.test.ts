/** @file What is typed wrong, for every command there is: each refusal says how to fix it, in words and as JSON. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from './create-program.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

interface Leaf {
  readonly path: readonly string[];
  readonly command: Command;
}

function leaves(command: Command, path: readonly string[] = []): Leaf[] {
  if (command.commands.length === 0) return [{ path, command }];
  return command.commands.flatMap((below) => leaves(below, [...path, below.name()]));
}

const LEAVES = leaves(createProgram());

/** @returns what it printed on standard error, once it has ended by itself. */
async function refusal(words: readonly string[]): Promise<string> {
  let printed = '';
  // Nobody listens there: what is typed wrong must be found before anybody is asked.
  vi.stubEnv('PLUMBLINE_API_URL', 'http://127.0.0.1:9');
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const { argv, exitCode } = process;
  process.argv = ['node', 'plumb', ...words];
  try {
    await createProgram()
      .parseAsync(process.argv)
      .catch((error: Error) => expect(error.message).toBe('exit 1'));
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
    vi.restoreAllMocks();
  }
  return printed;
}

const FIXED = /^Error: [A-Z"].*\.\n {2}How to fix it: .+\.\n$/s;

it.each(LEAVES.map(({ path }) => path.join(' ')))(
  '%s with an option that it does not have',
  async (path) => {
    const printed = await refusal([...path.split(' '), '--no-such-option']);
    expect(printed).toMatch(FIXED);
    expect(printed).toContain(`plumb ${path}`);
  },
);

const NEEDY = LEAVES.filter(
  ({ command }) =>
    command.registeredArguments.some(({ required }) => required) ||
    command.options.some(({ mandatory }) => mandatory),
);

it.each(NEEDY.map(({ path }) => path.join(' ')))('%s without what it needs', async (path) => {
  const printed = await refusal(path.split(' '));
  expect(printed).toMatch(FIXED);
  expect(printed).toContain(`Type: plumb ${path} `);
});

const NUMBERED = LEAVES.filter(({ command }) =>
  command.registeredArguments.some(
    (argument) => argument.name() === 'version' && argument.required,
  ),
);

it.each(NUMBERED.map(({ path }) => path.join(' ')))(
  '%s with a version that is no number',
  async (path) => {
    const { command } = NUMBERED.find((leaf) => leaf.path.join(' ') === path) as Leaf;
    const given = command.registeredArguments.map(() => 'abc');
    const options = command.options.filter(({ mandatory }) => mandatory);
    const printed = await refusal([
      ...[...path.split(' '), ...given],
      ...options.flatMap(({ long }) => [long ?? '', 'x']),
    ]);
    expect(printed).toMatch(/^Error: "abc" is not a .*\n {2}How to fix it: /);
  },
);

describe('plumb', () => {
  it('suggests the command that may be meant', async () => {
    expect(await refusal(['leaderboards'])).toMatch(
      /fix it: Did you mean leaderboard\? "plumb --help"/,
    );
  });

  it('refuses as JSON where JSON was asked for', async () => {
    const printed = await refusal(['thresholds', 'show', 'parts', '--json']);
    expect(JSON.parse(printed).error).toMatchObject({
      ...{ code: 'INVALID_INPUT', message: "Missing required argument 'version'." },
      fix: expect.stringContaining('plumb thresholds show [options] <model> <version> [profile]'),
    });
  });

  it('throws nothing without a fix', () => {
    const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
    const sources = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const bare = sources.flatMap((name) => {
      const text = readFileSync(join(import.meta.dirname, name), 'utf8');
      const [, ...thrown] = text.split('new DomainError(');
      return thrown
        .filter((rest) => !/\bfix\b/.test(rest.slice(0, rest.search(/\n\s*\}\s*\)|\);/) + 1)))
        .map(() => name);
    });
    expect(bare).toEqual([]);
  });
});
