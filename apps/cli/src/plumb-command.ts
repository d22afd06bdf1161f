/** @file A command whose refusals of what was typed are told as all others: with how to fix it, and as JSON with `--json`. */
import { DomainError } from '@plumbline/contracts';
import { Command } from 'commander';
import { printError } from './output.ts';

/** What commander puts below an unknown name. */
const SUGGESTION = /\n\((Did you mean [^)]*\?)\)$/;

export class PlumbCommand extends Command {
  override createCommand(name?: string): PlumbCommand {
    return new PlumbCommand(name);
  }

  /** @param message As commander has it: "error: missing required argument 'model'". */
  override error(message: string): never {
    const [, suggestion] = SUGGESTION.exec(message) ?? [];
    const what = message
      .replace(SUGGESTION, '')
      .replace(/^error: /, '')
      .replace(/\.$/, '');
    const path = this.#path();
    const help = `"plumb${path} --help" says more.`;
    const needed = this.options.flatMap(({ mandatory, flags }) => (mandatory ? [` ${flags}`] : []));
    const usage = `Type: plumb${path} ${this.usage()}${needed.join('')}. ${help}`;
    const error = new DomainError(
      'INVALID_INPUT',
      `${what.charAt(0).toUpperCase()}${what.slice(1)}.`,
      {
        fix: suggestion === undefined ? usage : `${suggestion} ${help}`,
      },
    );
    printError(error, process.argv.includes('--json'));
    process.exit(1);
  }

  /** Names below the program's, with a blank before each. */
  #path(): string {
    const names: string[] = [];
    for (let at: Command = this; at.parent !== null; at = at.parent) names.unshift(at.name());
    return names.map((name) => ` ${name}`).join('');
  }
}
