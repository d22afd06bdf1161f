/** @file Every bad dataset is refused with the file and how to fix it, and leaves no image in the store. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  makeCategory,
  makeImage,
  makeMask,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
  writeZip,
} from '../testing/dataset-files.ts';
import { refusalOf } from '../testing/refusal-of.ts';

let temp: TempFolder;

beforeEach(async () => {
  temp = await makeTempFolder();
});
afterEach(() => temp.remove());

const refusal = (source: string) => refusalOf(source, join(temp.path, 'blobs'));

interface BadTree {
  readonly name: string;
  readonly change: (tree: Tree) => Promise<void> | void;
  readonly file: string;
  readonly message: RegExp;
}

const BAD_TREES: readonly BadTree[] = [
  {
    name: 'a truncated PNG',
    change: async (tree) => {
      const image = await makeImage(5, { width: 200, height: 200 });
      tree['bolt/train/good/3.png'] = image.subarray(0, image.length * 0.6);
    },
    file: 'bolt/train/good/3.png',
    message: /cannot be decoded/,
  },
  {
    name: 'a truncated JPEG',
    change: async (tree) => {
      const image = await makeImage(5, { width: 200, height: 200, format: 'jpeg' });
      tree['bolt/train/good/3.jpg'] = image.subarray(0, image.length * 0.6);
      delete tree['bolt/train/good/3.png'];
    },
    file: 'bolt/train/good/3.jpg',
    message: /cannot be decoded/,
  },
  {
    name: 'a text file called .png',
    change: (tree) => {
      tree['bolt/test/good/1.png'] = 'not an image';
    },
    file: 'bolt/test/good/1.png',
    message: /not an image that can be read/,
  },
  {
    name: 'an unsupported format',
    change: async (tree) => {
      tree['bolt/test/good/1.png'] = await makeImage(1, { format: 'gif' });
    },
    file: 'bolt/test/good/1.png',
    message: /is gif, a format that is not supported/,
  },
  {
    name: 'an SVG called .png',
    change: (tree) => {
      tree['bolt/test/good/1.png'] =
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>';
    },
    file: 'bolt/test/good/1.png',
    message: /is svg, a format that is not supported/,
  },
  {
    name: 'an image of 0 bytes',
    change: (tree) => {
      tree['bolt/test/scratch/0.png'] = '';
    },
    file: 'bolt/test/scratch/0.png',
    message: /is empty \(0 bytes\)/,
  },
  {
    name: 'a mask of another size',
    change: async (tree) => {
      tree['bolt/ground_truth/scratch/0_mask.png'] = await makeMask(4, 16, 24);
    },
    file: 'bolt/ground_truth/scratch/0_mask.png',
    message: /16 × 24 pixels.*24 × 16/,
  },
  {
    name: 'a mask that is no image',
    change: (tree) => {
      tree['bolt/ground_truth/scratch/0_mask.png'] = 'mask';
    },
    file: 'bolt/ground_truth/scratch/0_mask.png',
    message: /not an image/,
  },
  {
    name: 'a mask without an image',
    change: async (tree) => {
      tree['bolt/ground_truth/scratch/9_mask.png'] = await makeMask();
    },
    file: 'bolt/ground_truth/scratch/9_mask.png',
    message: /mask without an image/,
  },
  {
    name: 'two masks of one image',
    change: async (tree) => {
      tree['bolt/ground_truth/scratch/0.png'] = await makeMask();
    },
    file: 'bolt/ground_truth/scratch/0_mask.png',
    message: /masks of the same image/,
  },
  {
    name: 'a mask that marks a normal image',
    change: async (tree) => {
      tree['bolt/ground_truth/good/0_mask.png'] = await makeMask();
    },
    file: 'bolt/ground_truth/good/0_mask.png',
    message: /is a normal image/,
  },
  {
    name: 'two images of the same name',
    change: async (tree) => {
      tree['bolt/test/scratch/0.jpg'] = await makeImage(3, { format: 'jpeg' });
    },
    file: 'bolt/test/scratch/0.png',
    message: /same name as bolt\/test\/scratch\/0\.jpg/,
  },
  {
    name: 'names that differ only in case',
    change: async (tree) => {
      tree['bolt/train/GOOD/0.png'] = await makeImage(3);
    },
    file: 'bolt/train/good/0.png',
    message: /differ only in upper and lower case/,
  },
  {
    name: 'a is a normal image in capitals',
    change: async (tree) => {
      tree['bolt/test/Good/7.png'] = await makeImage(3);
    },
    file: 'bolt/test/Good/7.png',
    message: /is it normal/,
  },
  ...['ok', 'Normal', 'defect-free', 'no_defect', 'gut', 'i.O.', '正常', 'sans défaut'].map(
    (folder) => ({
      name: `normal images in a folder "${folder}"`,
      change: async (tree: Tree) => {
        tree[`bolt/test/${folder}/7.png`] = await makeImage(3);
      },
      file: `bolt/test/${folder}/7.png`,
      message: /is it normal/,
    }),
  ),
  {
    name: 'names that differ only in how an accent is encoded',
    change: async (tree) => {
      for (const form of ['NFC', 'NFD'])
        tree[`bolt/train/good/${'ü'.normalize(form)}.png`] = await makeImage(3);
    },
    file: `bolt/train/good/${'ü'.normalize('NFC')}.png`,
    message: /differ only in how accented letters are encoded/,
  },
  {
    name: 'anomalous training images',
    change: async (tree) => {
      tree['bolt/train/scratch/7.png'] = await makeImage(3);
    },
    file: 'bolt/train/scratch/7.png',
    message: /training image outside train\/good/,
  },
  {
    name: 'an image in an unknown folder',
    change: async (tree) => {
      tree['bolt/other/good/7.png'] = await makeImage(3);
    },
    file: 'bolt/other/good/7.png',
    message: /no place in the layout/,
  },
  {
    name: 'an image in too deep a folder',
    change: async (tree) => {
      tree['bolt/test/scratch/more/7.png'] = await makeImage(3);
    },
    file: 'bolt/test/scratch/more/7.png',
    message: /no place in the layout/,
  },
  {
    name: 'a category without training images',
    change: async (tree) => {
      tree['nut/test/good/0.png'] = await makeImage(3);
    },
    file: 'nut',
    message: /nut has no training images/,
  },
  {
    name: 'a category without images',
    change: (tree) => {
      tree['nut/readme.txt'] = 'soon';
    },
    file: 'nut',
    message: /nut has no images at all/,
  },
  ...['hex|nut', ' nut', 'nut.', '-->', 'a"b', '螺丝:1'].map((category) => ({
    name: `a category "${category}"`,
    change: async (tree: Tree) => {
      tree[`${category}/train/good/0.png`] = await makeImage(3);
    },
    file: `${category}/train/good/0.png`,
    message: /cannot be the name of a category/,
  })),
];

describe.each(BAD_TREES)('$name', ({ change, file, message }) => {
  it.each(['folder', 'archive'])('is refused in a(n) %s', async (kind) => {
    const tree = await makeCategory('bolt');
    await change(tree);
    const source =
      kind === 'folder'
        ? await writeFolder(join(temp.path, 'set'), tree)
        : await writeZip(join(temp.path, 'set.zip'), tree);
    const error = await refusal(source);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file });
    expect(error.message).toMatch(message);
  });
});

describe('a folder', () => {
  it('without a known layout is refused with the expected tree', async () => {
    const error = await refusal(
      await writeFolder(join(temp.path, 'photos'), {
        'a/1.png': await makeImage(1),
        'b/1.png': await makeImage(2),
      }),
    );
    expect(error.message).toBe('No dataset layout recognized in photos.');
    expect(error.fix).toContain('<category>/train/good/001.png');
  });

  it('with an archive in it is refused with what to do with that', async () => {
    const inner = await writeZip(join(temp.path, 'inner.zip'), await makeCategory('bolt'));
    const source = await writeZip(join(temp.path, 'outer.zip'), {
      'data/inner.zip': await readFile(inner),
    });
    const error = await refusal(source);
    expect(error).toMatchObject({ file: 'data/inner.zip', field: 'source' });
    expect(error.message).toContain('another archive');
    expect(error.fix).toContain('Unpack data/inner.zip');
  });

  it('without files is refused', async () => {
    await mkdir(join(temp.path, 'nothing'));
    expect((await refusal(join(temp.path, 'nothing'))).message).toContain('It has no files.');
  });

  it('with an empty category folder is refused', async () => {
    const source = await writeFolder(join(temp.path, 'set'), await makeCategory('bolt'));
    await mkdir(join(source, 'nut/train/good'), { recursive: true });
    expect(await refusal(source)).toMatchObject({ code: 'INVALID_INPUT', file: 'nut' });
  });

  it('with a symbolic link is refused, to a file and to a folder', async () => {
    const source = await writeFolder(join(temp.path, 'set'), await makeCategory('bolt'));
    await writeFile(join(temp.path, 'secret.png'), await makeImage(1));
    await symlink(join(temp.path, 'secret.png'), join(source, 'bolt/train/good/x.png'));
    const error = await refusal(source);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file: 'bolt/train/good/x.png' });
    expect(error.message).toContain('symbolic link');

    const other = await writeFolder(join(temp.path, 'other'), await makeCategory('bolt'));
    await symlink(temp.path, join(other, 'nut'));
    expect(await refusal(other)).toMatchObject({ file: 'nut' });
  });

  it('that does not exist is refused', async () => {
    expect(await refusal(join(temp.path, 'absent'))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'source',
    });
  });
});
