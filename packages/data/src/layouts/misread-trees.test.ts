/** @file Trees that are easily misread: split folders, masks among images, other words for normal, names that sound like a split. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeMask } from '../images/mask.ts';
import { importDataset } from '../import/import-dataset.ts';
import { openFolderBlobStore } from '../store/blob-store.ts';
import {
  makeImage,
  makeTempFolder,
  type TempFolder,
  writeFolder,
} from '../testing/dataset-files.ts';
import { HEIGHT, treeOf, WIDTH } from '../testing/layout-trees.ts';
import { refusalOf } from '../testing/refusal-of.ts';

let temp: TempFolder;
let count = 0;
beforeAll(async () => {
  temp = await makeTempFolder();
});
afterAll(() => temp.remove());

type Files = Readonly<Record<string, string>>;

async function written(images: readonly string[], files: Files = {}): Promise<string> {
  const tree = await treeOf({ name: '', layout: '', samples: [], images, files });
  return writeFolder(join(temp.path, String(count++), 'set'), tree);
}

async function samplesOf(images: readonly string[], files?: Files): Promise<string[]> {
  const blobs = openFolderBlobStore(join(temp.path, 'blobs'));
  const source = await written(images, files);
  const { manifest } = await importDataset({ source, blobs });
  return Promise.all(
    manifest.samples.map(async ({ path, category, split, defectType, mask }) => {
      const marks = mask === null ? null : await decodeMask(await blobs.read(mask.sha256), path);
      const marked = marks === null ? '' : ` ${marks.data.reduce((sum, one) => sum + one, 0)}`;
      return `${category}: ${path} ${split} ${defectType ?? '-'}${marked}`;
    }),
  );
}

const labelme = (type: string, points: readonly (readonly number[])[]) =>
  JSON.stringify({
    shapes: [{ label: 'dent', shape_type: type, points }],
    imagePath: 'x',
    imageWidth: WIDTH,
    imageHeight: HEIGHT,
  });
const coco = (...files: string[]) =>
  JSON.stringify({
    images: files.map((file_name, id) => ({ id, file_name, width: WIDTH, height: HEIGHT })),
    annotations: [],
    categories: [],
  });
const lookout = (...files: string[]) =>
  files
    .map((file) => JSON.stringify({ 'source-ref': file, 'a-metadata': { 'class-name': 'normal' } }))
    .join('\n');
const BOX = [
  [2, 3],
  [6, 3],
  [6, 6],
  [2, 6],
];

describe('folders good and bad', () => {
  it.each([
    ['at the top', ''],
    ['below a category', 'bolt/'],
  ])('in folders of a split %s are one category', async (_where, above) => {
    const category = above === '' ? 'set' : 'bolt';
    const images = ['Training/OK/1.png', 'Testing/OK/2.png', 'Testing/NG/3.png'];
    // With a second category, so that the first lies below the root.
    const more = above === '' ? [] : ['nut/OK/9.png', 'nut/NG/9.png'];
    const samples = await samplesOf([...images.map((one) => above + one), ...more]);
    expect(samples.filter((one) => one.startsWith(`${category}:`))).toEqual([
      `${category}: ${category}/Testing/NG/3.png test NG`,
      `${category}: ${category}/Testing/OK/2.png test -`,
      `${category}: ${category}/Training/OK/1.png train -`,
    ]);
    expect(samples).toHaveLength(images.length + more.length);
  });

  it.each([
    [
      'masks beside images',
      ['good/1.png', 'bad/1.png', 'bad/1_mask.png'],
      /bad\/1_mask\.png looks/,
    ],
    ['a folder of masks', ['good/1.png', 'bad/1.png', 'bad/masks/1.png'], /"masks", which seems/],
    ['masks beside', ['x/good/1.png', 'x/bad/1.png', 'ground_truth/bad/1.png'], /"ground_truth"/],
    ['normal ones among bad', ['good/1.png', 'bad/ok/1.png'], /"ok", which means no type/],
  ])('with %s are refused', async (_what, images, message) => {
    const refusal = await refusalOf(await written(images), join(temp.path, 'none'));
    expect(refusal.message).toMatch(message);
    expect(refusal.fix).toContain('mapping');
  });
});

it('a mask beside the images of LabelMe is no normal image', async () => {
  const source = await written(['1.png', '1_mask.png', '2.png'], {
    '1.json': labelme('polygon', BOX),
  });
  const refusal = await refusalOf(source, join(temp.path, 'none'));
  expect(refusal.message).toMatch(/1_mask\.png looks like a mask/);
});

it.each(['normal', 'OK', 'pass'])('BTAD asks whether test/%s is normal', async (folder) => {
  const source = await written(['a/train/ok/1.png', `a/test/${folder}/2.png`, 'a/test/ko/3.png']);
  const refusal = await refusalOf(source, join(temp.path, 'none'));
  expect(refusal.message).toContain(`in a folder "${folder}": is it normal?`);
  expect(refusal.fix).toContain('"ok"');
});

describe('the split', () => {
  it('is not in the name of a file, nor in a folder around all', async () => {
    const json = { 'train_set/test/train_wheel_2.json': labelme('polygon', BOX) };
    const images = ['train_set/train/test_1.png', 'train_set/test/train_wheel_1.png'];
    expect(await samplesOf([...images, 'train_set/test/train_wheel_2.png'], json)).toEqual([
      'train_set: train_set/test/train_wheel_1.png test -',
      'train_set: train_set/test/train_wheel_2.png test dent 12',
      'train_set: train_set/train/test_1.png train -',
    ]);
  });

  it('of COCO is in the name and folder of its annotations, below a folder around all', async () => {
    const files = {
      'valve_test/annotations/instances_train.json': coco('1.png', 'test_2.png'),
      'valve_test/annotations/instances_val.json': coco('3.png'),
    };
    const images = ['1', 'test_2', '3'].map((name) => `valve_test/images/${name}.png`);
    // Without a test split, validation is what its authors test with.
    expect(await samplesOf(images, files)).toEqual([
      'valve_test: valve_test/images/1.png train -',
      'valve_test: valve_test/images/3.png test -',
      'valve_test: valve_test/images/test_2.png train -',
    ]);
  });

  it('of a manifest too', async () => {
    const files = {
      'valve_test/train.manifest': lookout('1.png'),
      'valve_test/test.manifest': lookout('train_2.png'),
    };
    expect(await samplesOf(['valve_test/i/1.png', 'valve_test/i/train_2.png'], files)).toEqual([
      'valve_test: valve_test/i/1.png train -',
      'valve_test: valve_test/i/train_2.png test -',
    ]);
  });

  it('of a table is in its column: it may name files of any folder', async () => {
    const table = 'image,label,split\ntrain/1.png,normal,train\ntest/2.png,normal,test\n';
    expect(await samplesOf(['train/1.png', 'test/2.png'], { 'my_test.csv': table })).toEqual([
      'set: set/test/2.png test -',
      'set: set/train/1.png train -',
    ]);
  });
});

it('a rectangle of LabelMe is two corners or all four, and nothing else', async () => {
  const images = ['1.png', '2.png', '3.png'];
  const pair = [BOX[0] ?? [], BOX[2] ?? []];
  const files = { '2.json': labelme('rectangle', BOX), '3.json': labelme('rectangle', pair) };
  const samples = await samplesOf(images, files);
  expect(samples.filter((one) => one.endsWith('dent 12'))).toHaveLength(2);
  const three = { '2.json': labelme('rectangle', BOX.slice(1)) };
  const refusal = await refusalOf(await written(images, three), join(temp.path, 'none'));
  expect(refusal.message).toMatch(/2\.json has a shape "dent" .*rectangle of 3 points/);
});

it('a zigzag that crosses more rows than memory holds is refused', async () => {
  const zigzag = Array.from({ length: 99_999 }, (_, i) => [i % 7, (i % 2) * 400]);
  const json = JSON.stringify({
    ...(JSON.parse(labelme('polygon', zigzag)) as object),
    imageWidth: WIDTH * 30,
    imageHeight: HEIGHT * 30,
  });
  const tree = await treeOf({ name: '', layout: '', samples: [], images: ['1.png'] });
  tree['2.png'] = await makeImage(9, { width: WIDTH * 30, height: HEIGHT * 30 });
  const source = await writeFolder(join(temp.path, 'zigzag'), { ...tree, '2.json': json });
  const refusal = await refusalOf(source, join(temp.path, 'none'));
  expect(refusal.message).toMatch(/more than 20,000,000 rows/);
});

it('an anomalous image is of no type "good"', async () => {
  const table = 'image,label,defect_type\n1.png,normal,\n2.png,anomalous,good\n';
  const source = await written(['1.png', '2.png'], { 'list.csv': table });
  const refusal = await refusalOf(source, join(temp.path, 'none'));
  expect(refusal.message).toContain('"good" cannot be the name of a defect type');
});

describe('images added to a dataset, in files that name no category,', () => {
  const added = async (categories: readonly string[], images: readonly string[]) => {
    const blobs = openFolderBlobStore(join(temp.path, 'blobs'));
    const source = await written(images);
    const { manifest } = await importDataset({ source, blobs, categories });
    return [...new Set(manifest.samples.map(({ category }) => category))];
  };

  it.each([
    [['1.png', '2.png']],
    [['good/1.png', 'bad/2.png']],
    [['train/good/1.png', 'test/good/2.png']],
  ])('are of its only one: %j', async (images) => {
    expect(await added(['bolt'], images)).toEqual(['bolt']);
    expect(await added(['bolt', 'set'], images)).toEqual(['set']);
  });

  it('are refused where it has several', async () => {
    await expect(added(['bolt', 'nut'], ['1.png'])).rejects.toThrow('the dataset has bolt, nut');
    expect(await added(['bolt', 'nut'], ['nut/train/good/1.png'])).toEqual(['nut']);
  });
});

const TREE = ['bolt/train/good/1.png', 'bolt/test/good/2.png', 'bolt/test/dent/3.png'];

it.each([
  ['ragged.csv', 'a,b\n1,2,3\n'],
  ['huge.csv', ' '.repeat(129 * 1024 ** 2)],
  ['huge.json', ' '.repeat(129 * 1024 ** 2)],
  ['app.manifest', '<assembly/>'],
  ['annotations.json', coco('bolt/test/dent/3.png')],
])('beside a tree of MVTec, %s changes nothing', async (name, text) => {
  expect(await samplesOf(TREE, { [name]: text })).toEqual([
    'bolt: bolt/test/dent/3.png test dent',
    'bolt: bolt/test/good/2.png test -',
    'bolt: bolt/train/good/1.png train -',
  ]);
});

it('an annotation that can not be read does not make the images of a folder normal', async () => {
  const source = await written(['1.png'], { 'coco.json': ' '.repeat(129 * 1024 ** 2) });
  const refusal = await refusalOf(source, join(temp.path, 'none'));
  expect(refusal.message).toContain('coco.json');
});

describe('one folder of images is not taken as normal', () => {
  const six = ['1', '2', '3', '4', '5', '6'].map((name) => `${name}.png`);
  it.each([
    ['a name', ['ok_1.png', 'part-NG-2.png'], {}, /part-NG-2\.png has a name that means a defect/],
    ['boxes of YOLO', ['images/1.png'], { 'labels/1.txt': '0 .5 .5 .2 .2\n' }, /labels\/1\.txt/],
    ['boxes of VOC', ['a/1.png'], { 'b/1.xml': '<annotation><object>' }, /b\/1\.xml marks/],
    [
      'a column for each class',
      six,
      {
        'c.csv': `filename, crack, good\n${six.map((f, i) => `${f}, ${i % 2}, ${1 - (i % 2)}`).join('\n')}`,
      },
      /c\.csv names images, but .* columns filename, crack, good/,
    ],
  ])('where %s says otherwise', async (_what, images, files, message) => {
    const refusal = await refusalOf(await written(images, files), join(temp.path, 'none'));
    expect(refusal.message).toMatch(message);
    expect(refusal.field).toBe('mapping');
  });

  it('but where nothing does', async () => {
    const files = {
      '1.txt': 'exposure 12 ms',
      '2.txt': '',
      'times.csv': `file,time\n${six.map((f, i) => `${f},12:0${i}`).join('\n')}`,
    };
    expect(await samplesOf([...six, 'no_defect_7.png'], files)).toHaveLength(7);
  });
});

it('a table of anomalib is read by its own columns', async () => {
  const table = 'image_path,label_index,split,mask_path\na/1.png,0,train,\na/2.png,1,test,\n';
  expect(await samplesOf(['a/1.png', 'a/2.png'], { 's.csv': table })).toEqual([
    'set: set/a/1.png train -',
    'set: set/a/2.png test anomaly',
  ]);
});

it('the labels of Kolektor are read as published', async () => {
  const blobs = openFolderBlobStore(join(temp.path, 'blobs'));
  const source = await written(['train/1.png', 'train/1_GT.png']);
  await expect(importDataset({ source, blobs, masks: 'inverted' })).rejects.toThrow('not black');
});

it('of two resolutions of Real-IAD the larger is taken', async () => {
  const table = JSON.stringify({
    meta: { prefix: 'usb/', normal_class: 'OK' },
    train: [{ category: 'usb', anomaly_class: 'OK', image_path: 'OK/1.png' }],
    test: [],
  });
  const blobs = openFolderBlobStore(join(temp.path, 'blobs'));
  const images = ['realiad_512/usb/OK/1.png', 'realiad_1024/usb/OK/1.png'];
  const source = await written(images, { 'realiad_jsons/usb.json': table });
  const { report } = await importDataset({ source, blobs });
  expect(report.images).toBe(1);
  const left = report.warnings.find(({ code }) => code === 'LEFT_OUT');
  expect(left?.message).toContain('realiad_512/usb/OK/1.png');
});
