/** @file Files that can't be imported: several are told at once, so that nobody has to import again for each. */
import { DomainError } from '@plumbline/contracts';
import type { LayoutEntry } from '../layouts/layout.ts';

/** Those that are named; the import ends as soon as there are so many. */
const MOST = 20;
/** Those of which is told what is wrong. */
const MOST_WORDS = 5;
/** Samples that are looked at after the first of them: a large import is not read to its end when it can't succeed. */
const LOOKED_ON = 2000;

export class BadFiles {
  readonly #places: ReadonlyMap<LayoutEntry, number>;
  readonly #errors = new Map<number, DomainError>();
  #lookedOn = 0;

  /** @param entries In the order in which they are told. */
  constructor(entries: readonly LayoutEntry[]) {
    this.#places = new Map(entries.map((entry, index) => [entry, index]));
  }

  /**
   * @returns null for one at fault.
   * @throws DomainError as `refuse` once enough of them are known; what is no file's fault at once
   */
  async keep<Result>(entry: LayoutEntry, look: () => Promise<Result>): Promise<Result | null> {
    if (this.#errors.size > 0 && ++this.#lookedOn > LOOKED_ON) this.refuse();
    try {
      return await look();
    } catch (error) {
      if (!isOfFile(error)) throw error;
      this.#errors.set(this.#places.get(entry) ?? 0, error);
      if (this.#errors.size >= MOST) this.refuse();
      return null;
    }
  }

  /** @throws DomainError that names all that were found; one alone as it was. */
  refuse(): void {
    const all = [...this.#errors].sort(([a], [b]) => a - b).map(([, error]) => error);
    // Those that were being looked at when there were enough add to them.
    const errors = all.slice(0, MOST);
    const [first, ...others] = errors;
    if (first === undefined) return;
    if (others.length === 0) throw first;
    const { code, file, fix } = first;
    const isEnded = errors.length >= MOST || this.#lookedOn > LOOKED_ON;
    const count = isEnded ? `At least ${errors.length}` : `${errors.length}`;
    throw new DomainError(code, `${count} files can't be imported. ${words(errors)}`, {
      ...(file === null ? {} : { file }),
      fix: `Repair or remove them, then import again. The first: ${fix ?? 'see above'}`,
    });
  }
}

function words(errors: readonly DomainError[]): string {
  const told = errors.slice(0, MOST_WORDS).map(({ message }) => message);
  const named = errors.slice(MOST_WORDS).map(({ file }) => file);
  return [...told, ...(named.length === 0 ? [] : [`Also ${named.join(', ')}.`])].join(' ');
}

function isOfFile(error: unknown): error is DomainError {
  if (!(error instanceof DomainError) || error.file === null) return false;
  return ['INVALID_INPUT', 'UNSUPPORTED', 'TOO_LARGE'].includes(error.code);
}
