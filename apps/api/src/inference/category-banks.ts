/** @file The banks that categories are found by, read from bundles when first needed; a few are kept. */
import {
  CATEGORY_BANK_FILE,
  type DescriptorBank,
  DomainError,
  readCategoryBank,
} from '@plumbline/contracts';
import type { Bundle } from '@plumbline/data';
import type { ServedModel } from './served-model.ts';

/** A bank takes at most about 32 MB in memory. */
const MOST_KEPT = 8;

export class CategoryBanks {
  /** By the key of the version, least recently used first. */
  readonly #banks = new Map<string, Promise<DescriptorBank>>();

  /** @throws DomainError UNAVAILABLE when the file is gone or broken; the next call tries again. */
  of(served: Pick<ServedModel, 'key' | 'bundle'>): Promise<DescriptorBank> {
    const { key } = served;
    const bank = this.#banks.get(key) ?? this.#read(served);
    this.#banks.delete(key);
    this.#banks.set(key, bank);
    const [oldest] = this.#banks.keys();
    if (this.#banks.size > MOST_KEPT && oldest !== undefined) this.#banks.delete(oldest);
    return bank;
  }

  #read({ key, bundle }: Pick<ServedModel, 'key' | 'bundle'>): Promise<DescriptorBank> {
    const bank = readBank(bundle);
    bank.catch(() => {
      if (this.#banks.get(key) === bank) this.#banks.delete(key);
    });
    return bank;
  }
}

async function readBank(bundle: Bundle): Promise<DescriptorBank> {
  const bytes = await bundle.read(CATEGORY_BANK_FILE).catch((cause: unknown) => {
    throw isUnavailable(cause) ? cause : unreadable(cause);
  });
  if (bytes === null) throw unreadable(null);
  return readCategoryBank(bytes);
}

/** A store that is away says what to do. */
function isUnavailable(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'UNAVAILABLE';
}

function unreadable(cause: unknown): DomainError {
  return new DomainError('UNAVAILABLE', `The bundle's ${CATEGORY_BANK_FILE} can't be read.`, {
    file: CATEGORY_BANK_FILE,
    fix: 'Put the file back, or name the category with each image.',
    cause,
  });
}
