/** @file The banks that categories are found by, read from bundles when first needed; a few are kept. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  CATEGORY_BANK_FILE,
  type DescriptorBank,
  DomainError,
  readCategoryBank,
} from '@plumbline/contracts';
import type { ServedModel } from './served-model.ts';

/** A bank takes at most about 32 MB in memory. */
const MOST_KEPT = 8;

export class CategoryBanks {
  /** By path, least recently used first. */
  readonly #banks = new Map<string, Promise<DescriptorBank>>();

  /** @throws DomainError UNAVAILABLE when the file is gone or broken; the next call tries again. */
  of({ modelPath }: Pick<ServedModel, 'modelPath'>): Promise<DescriptorBank> {
    const path = join(dirname(modelPath), CATEGORY_BANK_FILE);
    const bank = this.#banks.get(path) ?? this.#read(path);
    this.#banks.delete(path);
    this.#banks.set(path, bank);
    const [oldest] = this.#banks.keys();
    if (this.#banks.size > MOST_KEPT && oldest !== undefined) this.#banks.delete(oldest);
    return bank;
  }

  #read(path: string): Promise<DescriptorBank> {
    const bank = readBank(path);
    bank.catch(() => {
      if (this.#banks.get(path) === bank) this.#banks.delete(path);
    });
    return bank;
  }
}

async function readBank(path: string): Promise<DescriptorBank> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new DomainError('UNAVAILABLE', `The bundle's ${CATEGORY_BANK_FILE} can't be read.`, {
      file: path,
      fix: 'Put the file back, or name the category with each image.',
      cause,
    });
  });
  return readCategoryBank(bytes);
}
