/** @file What has been measured so far, in a file: a benchmark of hours is taken up where it was. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type Measured = Readonly<Record<string, unknown>>;

export class ResultsFile {
  readonly #path: string;
  readonly #results: Map<string, Measured>;

  constructor(path: string) {
    this.#path = path;
    const known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    this.#results = new Map(Object.entries(known as Record<string, Measured>));
  }

  get all(): Readonly<Record<string, Measured>> {
    return Object.fromEntries(this.#results);
  }

  /** What was measured under this name before, or is now; kept at once. */
  async measured(name: string, measure: () => Promise<Measured>): Promise<Measured> {
    const known = this.#results.get(name);
    if (known !== undefined) return known;
    process.stderr.write(`${name} …\n`);
    const result = await measure();
    this.#results.set(name, result);
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.new`, `${JSON.stringify(this.all, null, 2)}\n`);
    renameSync(`${this.#path}.new`, this.#path);
    return result;
  }
}
