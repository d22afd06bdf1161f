/**
 * @file `npm run sizes`: how long the files and functions of apps, packages and e2e are. Fails where one is over its limit,
 * and names it. A file counts all of its lines; a function those with code on them. The callback of `describe` is a
 * heading, not a function. `-- --largest` lists the twenty largest of both.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './setup.mjs';

const LIMITS = { median: 70, p95: 220, file: 300, function: 60 };
const LISTED = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z'];

function sourceFiles() {
  const output = execFileSync('git', [...LISTED, 'apps', 'packages', 'e2e'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return output.split('\0').filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'));
}

const isDescribe = (node) =>
  ts.isCallExpression(node) && /^describe\b/.test(node.expression.getText());

/** The callback of `describe`, and what only makes one. */
function isHeading(node) {
  return isDescribe(node.parent) || (ts.isArrowFunction(node) && isDescribe(node.body));
}

/** Numbers of the lines that a token stands on. */
function linesOfCode(source) {
  const lines = new Set();
  const visit = (node) => {
    const children = node.getChildren(source);
    for (const child of children) visit(child);
    if (children.length > 0 || node.getWidth(source) === 0) return;
    const last = source.getLineAndCharacterOfPosition(node.end).line;
    for (let line = lineOf(source, node.getStart(source)); line <= last; line += 1) lines.add(line);
  };
  visit(source);
  return lines;
}

function lineOf(source, position) {
  return source.getLineAndCharacterOfPosition(position).line;
}

function functionsOf(path, source) {
  const code = linesOfCode(source);
  const found = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body !== undefined && !isHeading(node)) {
      const first = lineOf(source, node.getStart(source));
      const last = lineOf(source, node.end);
      let lines = 0;
      for (let line = first; line <= last; line += 1) if (code.has(line)) lines += 1;
      found.push({ name: `${path}:${first + 1}`, lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function measure(path) {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const file = { name: path, lines: text.split('\n').length - 1 };
  // Without so many lines in the file there is no function of so many.
  if (file.lines <= LIMITS.function) return { file, functions: [] };
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { file, functions: functionsOf(path, source) };
}

const bySize = (a, b) => b.lines - a.lines;
const measured = sourceFiles().map(measure);
const files = measured.map(({ file }) => file).sort(bySize);
const functions = measured.flatMap((one) => one.functions).sort(bySize);
const quantile = (share) => files[Math.floor((1 - share) * files.length)].lines;
const [median, p95] = [quantile(0.5), quantile(0.95)];

const over = [
  ...(median > LIMITS.median ? [`The median file has ${median} lines.`] : []),
  ...(p95 > LIMITS.p95 ? [`One file in twenty has more than ${p95} lines.`] : []),
  ...files.filter(({ lines }) => lines > LIMITS.file).map((one) => `${one.name}: ${one.lines}`),
  ...functions
    .filter(({ lines }) => lines > LIMITS.function)
    .map((one) => `${one.name}: a function of ${one.lines}`),
];
if (process.argv.includes('--largest'))
  for (const { name, lines } of [...files.slice(0, 20), ...functions.slice(0, 20)])
    console.log(`${lines}\t${name}`);
for (const line of over) console.error(line);
console.log(
  `${files.length} files: median ${median} lines, 95 % at most ${p95}, longest ${files[0].lines}; longest function ${functions[0].lines}`,
);
if (over.length > 0) {
  const { file, function: ofFunction } = LIMITS;
  console.error(`Split what is longer than ${file} lines, functions longer than ${ofFunction}.`);
  process.exitCode = 1;
}
