/** @file Backbones in the words of the form that starts a run. */
import type { BackboneSummary } from '@plumbline/contracts';
import { formatBytes } from '../../format/format-number.ts';

/** `resnet18 (47 MB)`. */
export function backboneOption({ name, source, bytes }: BackboneSummary): string {
  if (source === 'embedded') return `${name} (built in)`;
  return bytes === null ? name : `${name} (${formatBytes(bytes)})`;
}

/** One sentence under the choice. */
export function backboneHint(backbone: BackboneSummary): string {
  const { name, source, status, license, page, parameters, defaultTaps, sha256 } = backbone;
  if (source === 'embedded') {
    const size = parameters === null ? '' : `, ${(parameters / 1e6).toFixed(1)} million parameters`;
    return `Comes with the platform${size}. No download needed.`;
  }
  if (source === 'added') return 'Added by hand. Its taps are chosen by stride.';
  const taps = `Taps ${defaultTaps.join(' and ')}, ${license}.`;
  if (status === 'ready') return taps;
  return sha256 === null
    ? `${taps} You have to confirm its hash first: run “plumb backbones fetch ${name}”.`
    : `${taps} The run downloads it first. Without network, download it from ${page ?? 'its publisher'} elsewhere, then run “plumb backbones add <file> --name ${name}”.`;
}
