/**
 * @file Makes `assets/compact-f16.safetensors` from the float32 weights that training wrote:
 * `npx tsx packages/model/scripts/make-compact-asset.mjs <compact.safetensors>`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '../src/backbones/safetensors.ts';

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('Name the float32 file.');
const { tensors, metadata } = readSafetensors(await readFile(source), source);
const halves = new Map([...tensors].map(([name, tensor]) => [name, { ...tensor, dtype: 'F16' }]));
const target = join(import.meta.dirname, '../assets/compact-f16.safetensors');
const bytes = writeSafetensors(halves, metadata);
await writeFile(target, bytes);
console.log(`${target}: ${bytes.length} bytes, ${halves.size} tensors`);
