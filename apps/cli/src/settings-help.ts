/** @file The settings of every method, for `plumb train --help`. */
import { describeValue, METHODS, methodDefinition, type SettingField } from '@plumbline/contracts';

const WIDTH = 100;

export function settingsHelp(): string {
  return METHODS.map((name) => {
    const { title, about, fields } = methodDefinition(name);
    const longest = Math.max(...fields.map((field) => field.name.length));
    const lines = fields.map((field) => entryOf(field, longest + 4));
    return `\nSettings of ${title} (--method ${name}), each as --set key=value. ${about}\n${lines.join('\n')}`;
  }).join('\n');
}

/** The name, and beside it the words wrapped in a column of their own. */
function entryOf(field: SettingField, indent: number): string {
  const words = [`${field.label}: ${describeValue(field)}.`, field.hint ?? ''].join(' ').trim();
  const lines = wrap(words, WIDTH - indent);
  return `  ${field.name.padEnd(indent - 2)}${lines.join(`\n${' '.repeat(indent)}`)}`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
