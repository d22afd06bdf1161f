import { expect, it } from 'vitest';
import { packFolder } from './pack-folder.ts';
import { UploadFailure } from './upload-failure.ts';

const DAY = Date.UTC(2026, 0, 2);
const FILES = ['parts/bolt/train/good/ü 0.png', 'parts/bolt/train/good/1.png'].map(
  (path, index) => ({
    path,
    file: new File([`image ${index}`], path, { lastModified: DAY + index * 60_000 }),
  }),
);
const FOLDER = { kind: 'folder', name: 'parts', files: FILES } as const;
const pack = (folder = FOLDER, signal = new AbortController().signal) => {
  const seen: number[] = [];
  return packFolder(folder, { signal, onProgress: (packed) => seen.push(packed) }).then((file) => ({
    file,
    seen,
  }));
};
const bytesOf = async (file: File) => Buffer.from(await file.arrayBuffer());

it('the same files give the same archive: name, time and bytes', async () => {
  const [one, two] = [await pack(), await pack()];
  expect(one.seen).toEqual([0, 1]);
  expect(one.file).toMatchObject({ name: 'parts.zip', lastModified: DAY + 60_000 });
  const bytes = await bytesOf(one.file);
  expect(bytes).toEqual(await bytesOf(two.file));
  for (const { path } of FILES) expect(bytes.includes(Buffer.from(path))).toBe(true);
  expect(bytes.includes(Buffer.from('image 1'))).toBe(true);
});

it('names a file that can no longer be read', async () => {
  const gone = Object.assign(new File(['x'], 'gone.png'), {
    stream: () => {
      throw new DOMException('The file could not be read.', 'NotReadableError');
    },
  });
  const files = [FILES[0], { path: 'parts/gone.png', file: gone }];
  const failure = await pack({ ...FOLDER, files } as never).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UploadFailure);
  expect((failure as UploadFailure).body).toMatchObject({ file: 'parts/gone.png' });
});

it('stops when it is cancelled', async () => {
  const signal = AbortSignal.abort('cancelled');
  await expect(pack(FOLDER, signal)).rejects.toBe('cancelled');
});
