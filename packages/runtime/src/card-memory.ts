/** @file How much memory a graphics card has free: NVIDIA's and AMD's say it, of others it is not known here. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface CardMemory {
  readonly name: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

const run = promisify(execFile);
/** A driver that is in trouble may not answer at all. */
const TIMEOUT_MS = 10_000;
const MIB = 2 ** 20;
const DRM = '/sys/class/drm';

/**
 * Of several cards the one with most free: which one a provider takes is not known.
 * @returns null where no card says it: there is none, its driver tells nothing, or it shares the machine's memory.
 */
export async function findCardMemory(): Promise<CardMemory | null> {
  const cards = [...(await nvidiaCards()), ...amdCards()];
  return cards.reduce<CardMemory | null>(
    (most, card) => (card.freeBytes > (most?.freeBytes ?? 0) ? card : most),
    null,
  );
}

async function nvidiaCards(): Promise<CardMemory[]> {
  const query = ['--query-gpu=name,memory.total,memory.free', '--format=csv,noheader,nounits'];
  try {
    return parseNvidiaSmi((await run('nvidia-smi', query, { timeout: TIMEOUT_MS })).stdout);
  } catch (error) {
    // No such program, or its driver does not answer.
    if (error instanceof Error) return [];
    throw error;
  }
}

/** @param text A line `name, total, free` of each card, in MiB; `[N/A]` where it shares the machine's memory. */
export function parseNvidiaSmi(text: string): CardMemory[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', total = '', free = ''] = /^(.*),\s*(\d+),\s*(\d+)\s*$/.exec(line) ?? [];
    if (name === '') return [];
    return [{ name, totalBytes: Number(total) * MIB, freeBytes: Number(free) * MIB }];
  });
}

/** The driver amdgpu has files for them. */
function amdCards(): CardMemory[] {
  if (!existsSync(DRM)) return [];
  return readdirSync(DRM)
    .filter((name) => /^card\d+$/.test(name))
    .flatMap((name) => {
      const total = bytesIn(join(DRM, name, 'device/mem_info_vram_total'));
      const used = bytesIn(join(DRM, name, 'device/mem_info_vram_used'));
      if (total === null || used === null) return [];
      return [{ name: `AMD (${name})`, totalBytes: total, freeBytes: total - used }];
    });
}

function bytesIn(path: string): number | null {
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : null;
}
