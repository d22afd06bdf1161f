/** @file Results in an .npz: `paths` [N] text, `scores` [N], `maps` [N, h, w], and optionally `protocol`. */
import { DomainError } from '@plumbline/contracts';
import type { SourceFiles } from '../sources/source-files.ts';
import { type NumberArray, readNpy, type TextArray } from './npy.ts';
import { type OpenedResults, readProtocolFile } from './result-set.ts';

const WANTED =
  'Save it with numpy.savez(file, paths=..., scores=..., maps=...): text [N], float [N], float32 [N, height, width].';

/** They are held in memory. */
const MAX_MAP_BYTES = 2 * 1024 ** 3;
/** Bytes of each array: a million paths of 128 characters of four bytes, and as many scores of eight. */
const LARGEST = {
  paths: 512 * 1024 ** 2,
  scores: 8 * 1024 ** 2,
  maps: MAX_MAP_BYTES,
  protocol: 65_536,
} as const;

export async function openNpz(files: SourceFiles): Promise<OpenedResults> {
  const names = files.files.map(({ path }) => path.replace(/\.npy$/, ''));
  const read = async (name: keyof typeof LARGEST) => {
    if (!names.includes(name)) {
      throw new DomainError(
        'INVALID_INPUT',
        `There is no array "${name}", only ${names.join(', ')}.`,
        {
          file: `${name}.npy`,
          fix: WANTED,
        },
      );
    }
    return readNpy(await files.read(`${name}.npy`, LARGEST[name]), `${name}.npy`);
  };
  const paths = texts(await read('paths'), 'paths.npy');
  const scores = numbers(await read('scores'), 'scores.npy');
  if (scores.shape.length !== 1 || scores.data.length !== paths.data.length)
    throw shapeError('scores.npy', scores.shape, `[${paths.data.length}], a score for each path`);
  assertFits(files);
  const maps = numbers(await read('maps'), 'maps.npy');
  const [count = 0, ...rest] = maps.shape;
  const [height = 0, width = 0, ...more] =
    rest.length === 2 ? rest : rest.filter((side) => side !== 1);
  if (count !== paths.data.length || more.length > 0 || height < 1 || width < 1)
    throw shapeError('maps.npy', maps.shape, `[${paths.data.length}, height, width]`);
  const stated = names.includes('protocol') ? texts(await read('protocol'), 'protocol.npy') : null;
  return {
    format: 'npz',
    protocol: stated?.data[0] ?? (await readProtocolFile(files)),
    rows: paths.data.map((path, index) => ({
      path,
      score: scores.data[index] ?? Number.NaN,
      where: `row ${index} of the arrays`,
    })),
    readMap: async (row) => {
      const part = maps.data.subarray(row * height * width, (row + 1) * height * width);
      return { height, width, data: part instanceof Float32Array ? part : Float32Array.from(part) };
    },
  };
}

function assertFits({ files }: SourceFiles): void {
  const { bytes = 0 } = files.find(({ path }) => path === 'maps.npy') ?? {};
  if (bytes <= MAX_MAP_BYTES) return;
  throw new DomainError('TOO_LARGE', `maps.npy has ${(bytes / 1e9).toFixed(1)} GB.`, {
    file: 'maps.npy',
    fix: 'Save the maps as float16, or import a folder of float32 TIFF with a .csv, of any size.',
  });
}

function texts(array: NumberArray | TextArray, file: string): TextArray {
  if (array.kind === 'text') return array;
  throw new DomainError('INVALID_INPUT', `${file} holds numbers, not text.`, { file, fix: WANTED });
}

function numbers(array: NumberArray | TextArray, file: string): NumberArray {
  if (array.kind === 'number') return array;
  throw new DomainError('INVALID_INPUT', `${file} holds text, not numbers.`, { file, fix: WANTED });
}

function shapeError(file: string, shape: readonly number[], wanted: string): DomainError {
  const message = `${file} has the shape [${shape.join(', ')}] in place of ${wanted}.`;
  return new DomainError('INVALID_INPUT', message, { file, fix: WANTED });
}
