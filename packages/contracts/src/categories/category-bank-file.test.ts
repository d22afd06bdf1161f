import { describe, expect, it } from 'vitest';
import type { DescriptorBank } from '../category-bank.ts';
import { DomainError } from '../errors.ts';
import { readCategoryBank, writeCategoryBank } from './category-bank-file.ts';

const bank: DescriptorBank = {
  names: ['ä "quoted"', 'constructor', '__proto__'],
  categories: Int32Array.of(2, 0, 1, 1),
  descriptors: Float32Array.of(0.5, -0.25, 1, 0, 0.125, 2, 0.75, 1e-4),
  size: 2,
};

describe('the file of a category bank', () => {
  it('holds names, categories and halves of the descriptors, wherever it lies in memory', () => {
    const bytes = writeCategoryBank(bank);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    for (const copy of [bytes, shifted]) {
      const read = readCategoryBank(copy);
      expect(read.names).toEqual(bank.names);
      expect([...read.categories]).toEqual([2, 0, 1, 1]);
      expect(read.size).toBe(2);
      expect([...read.descriptors.subarray(0, 7)]).toEqual([...bank.descriptors.subarray(0, 7)]);
      expect(read.descriptors[7]).toBeCloseTo(1e-4, 6);
    }
  });

  it('is told to be broken when it is cut short or another file', () => {
    const bytes = writeCategoryBank(bank);
    const wrongIndex = writeCategoryBank({ ...bank, categories: Int32Array.of(3, 0, 1, 1) });
    const others = [
      bytes.subarray(0, 4),
      bytes.subarray(0, 40),
      bytes.subarray(0, bytes.length - 1),
      Buffer.from('something else altogether'),
      new Uint8Array(8),
      wrongIndex,
    ];
    for (const other of others) {
      expect(() => readCategoryBank(other)).toThrow(DomainError);
      expect(() => readCategoryBank(other)).toThrow('category-bank.safetensors');
    }
  });
});
