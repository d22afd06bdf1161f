/** @file The programs in `docs/asking-models.md`, run as they stand there. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Snippet {
  readonly language: 'sh' | 'js' | 'ts' | 'python';
  readonly code: string;
}

const DOCUMENT = new URL('../../docs/asking-models.md', import.meta.url);
const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const RUN = {
  sh: { command: 'bash', options: [], ending: 'sh' },
  js: { command: process.execPath, options: [], ending: 'mjs' },
  ts: { command: process.execPath, options: ['--import', 'tsx'], ending: 'mts' },
  python: { command: 'python3', options: [], ending: 'py' },
} as const;

export function snippetsOfDocument(): Snippet[] {
  const text = readFileSync(DOCUMENT, 'utf8');
  return Array.from(
    text.matchAll(/^```(sh|js|ts|python)\n(.*?)^```$/gms),
    ([, language, code]) => ({
      language: language as Snippet['language'],
      code: code ?? '',
    }),
  );
}

/** What the machine lacks for it; null when it can be run. */
export function missingFor({ language, code }: Snippet): string | null {
  const { command } = RUN[language];
  const program = /^curl /.test(code) ? 'curl' : command;
  if (spawnSync(program, ['--version']).status !== 0) return program;
  if (language !== 'python') return null;
  const modules = ['numpy', 'onnxruntime', 'tritonclient.http', 'PIL'].filter((name) =>
    new RegExp(`\\b${name.replace('.', '\\.')}\\b`).test(code),
  );
  if (modules.length === 0) return null;
  const found = spawnSync(command, ['-c', `import ${modules.join(', ')}`]);
  return found.status === 0 ? null : `Python's ${modules.join(', ')}`;
}

/** @returns What it printed, as JSON. */
export function runSnippet(
  { language, code }: Snippet,
  image: string,
  environment: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const { command, options, ending } = RUN[language];
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-snippet-'));
  const file = join(folder, `snippet.${ending}`);
  writeFileSync(file, code);
  // As in a project that depends on the client.
  symlinkSync(PACKAGES, join(folder, 'node_modules'));
  const { status, stdout, stderr } = spawnSync(command, [...options, file, image], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(`${language}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}
