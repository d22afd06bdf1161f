/** @file Looks at every image and mask of a dataset, decoding them in full, before anything is stored. */
import { DomainError, type ImageBlob, type Sample } from '@plumbline/contracts';
import { sha256Of } from './blob-store.ts';
import { decodeWithFormat } from './decode-image.ts';
import type { LayoutEntry } from './layouts/layout.ts';
import { decodeMask } from './mask.ts';
import { runBounded } from './run-bounded.ts';
import type { SourceFiles } from './source-files.ts';

/** Decoding a 100 Mpx image takes some 600 MB, so no more than two at once. */
const CONCURRENCY = 2;
const MAX_FILE_BYTES = 1024 ** 3;

export interface CheckedSample {
  readonly sample: Sample;
  readonly imageFile: string;
  readonly maskFile: string | null;
  /** The mask marks not a single pixel. */
  readonly emptyMask: boolean;
}

export interface CheckOptions {
  readonly source: SourceFiles;
  readonly entries: readonly LayoutEntry[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((checked: number, total: number) => void) | undefined;
}

/** @throws DomainError naming the first file at fault; CANCELLED when the signal aborts. */
export async function checkSamples(options: CheckOptions): Promise<CheckedSample[]> {
  const { source, entries, signal, onProgress } = options;
  const sizes = new Map(source.files.map((file) => [file.path, file.bytes]));
  const filesOf = (entry: LayoutEntry): number => (entry.maskFile === null ? 1 : 2);
  const total = entries.reduce((sum, entry) => sum + filesOf(entry), 0);
  let checked = 0;

  async function readFile(file: string): Promise<Uint8Array> {
    if ((sizes.get(file) ?? 0) > MAX_FILE_BYTES) {
      throw new DomainError('INVALID_INPUT', `${file} is larger than 1 GB.`, {
        fix: 'Save it with compression, scale it down or cut it into tiles.',
        file,
      });
    }
    return source.read(file);
  }

  async function check(entry: LayoutEntry): Promise<CheckedSample> {
    const { imageFile, maskFile, path, category, split, label, defectType } = entry;
    const image = await checkImage(await readFile(imageFile), imageFile);
    const mask = maskFile === null ? null : await checkMask(await readFile(maskFile), maskFile);
    if (mask !== null && maskFile !== null)
      rejectWrongMask({ entry, image, mask: mask.blob, maskFile, empty: mask.empty });
    checked += filesOf(entry);
    onProgress?.(checked, total);
    // A mask of a normal image says nothing beyond its label.
    const kept = label === 'normal' ? null : mask;
    return {
      sample: { path, category, split, label, defectType, image, mask: kept?.blob ?? null },
      imageFile,
      maskFile: kept === null ? null : maskFile,
      emptyMask: kept?.empty ?? false,
    };
  }

  onProgress?.(0, total);
  return runBounded({ items: entries, concurrency: CONCURRENCY, signal, run: check });
}

async function checkImage(bytes: Uint8Array, file: string): Promise<ImageBlob> {
  const { width, height, format } = await decodeWithFormat(bytes, file);
  return { sha256: sha256Of(bytes), bytes: bytes.length, width, height, format };
}

async function checkMask(
  bytes: Uint8Array,
  file: string,
): Promise<{ blob: ImageBlob; empty: boolean }> {
  const { width, height, data, format } = await decodeMask(bytes, file);
  const blob = { sha256: sha256Of(bytes), bytes: bytes.length, width, height, format };
  return { blob, empty: !data.includes(1) };
}

interface MaskCheck {
  readonly entry: LayoutEntry;
  readonly image: ImageBlob;
  readonly mask: ImageBlob;
  readonly maskFile: string;
  readonly empty: boolean;
}

function rejectWrongMask({ entry, image, mask, maskFile, empty }: MaskCheck): void {
  if (mask.width !== image.width || mask.height !== image.height) {
    throw new DomainError(
      'INVALID_INPUT',
      `${maskFile} is ${mask.width} × ${mask.height} pixels, its image ${entry.imageFile} is ${image.width} × ${image.height}.`,
      { fix: 'Make the mask the same size as its image.', file: maskFile },
    );
  }
  if (entry.label === 'normal' && !empty) {
    throw new DomainError(
      'INVALID_INPUT',
      `${maskFile} marks pixels of ${entry.imageFile}, which is in the folder of normal images.`,
      {
        fix: 'Move the image from test/good to test/<defect type> and its mask along, or remove the mask.',
        file: maskFile,
      },
    );
  }
}
