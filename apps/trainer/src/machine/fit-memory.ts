/** @file What memory a fit may take: of the machine, or of the card that it computes on. */
import { availableMemory } from 'node:process';
import type { FitMemory } from '@plumbline/contracts';
import { type CardMemory, findCardMemory } from '@plumbline/runtime';

export type Memory =
  /** It changes: it is asked for when it is needed. */
  | { readonly of: 'machine' }
  /** Null where nobody here knows how much it has free. */
  | { readonly of: 'card'; readonly card: CardMemory | null };

/** What computes on a card. */
const ON_CARDS = new Set(['cuda', 'webgpu', 'tfjs-node-gpu']);

export async function openFitMemory(
  { of }: Pick<FitMemory, 'of'>,
  provider: string,
  find: () => Promise<CardMemory | null> = findCardMemory,
): Promise<Memory> {
  return of === 'executor' && ON_CARDS.has(provider)
    ? { of: 'card', card: await find() }
    : { of: 'machine' };
}

/** What a method is told: nothing limits it where nothing is known. @param kept Bytes of the machine that others take. */
export function memoryFor(memory: Memory, kept = 0): { memoryBytes?: number; memoryOf?: string } {
  if (memory.of === 'machine') return { memoryBytes: availableMemory() - kept };
  const { card } = memory;
  if (card === null) return {};
  return { memoryBytes: card.freeBytes, memoryOf: `the graphics card (${card.name})` };
}

/** For the run's log; null where there is nothing to say. */
export function describeMemory(memory: Memory): string | null {
  if (memory.of === 'machine') return null;
  if (memory.card === null)
    return 'How much memory the graphics card has free is not known here: whether the fit has room in it shows when it runs.';
  const { name, freeBytes, totalBytes } = memory.card;
  return `The graphics card (${name}) has ${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} free.`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
