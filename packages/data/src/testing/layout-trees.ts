/** @file A small dataset in each layout, as its authors arrange it, and what an import must make of it. */
import type { SplitRule } from '@plumbline/contracts';
import { makeImage, makeMask, type Tree } from './dataset-files.ts';

/** Of every image and mask here, pixels. */
export const WIDTH = 24;
export const HEIGHT = 16;

export interface LayoutTree {
  readonly name: string;
  readonly layout: string;
  /** Paths of images; each gets pixels of its own. */
  readonly images: readonly string[];
  /** Pixels that each mask marks. */
  readonly masks?: Readonly<Record<string, number>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly split?: SplitRule;
  /** `path split label type marked pixels`, sorted; `-` where there is none. */
  readonly samples: readonly string[];
  /** Codes of the warnings that the layout gives. */
  readonly notes?: readonly string[];
}

export async function treeOf({ images, masks = {}, files = {} }: LayoutTree): Promise<Tree> {
  const tree: Tree = { ...files };
  for (const [index, path] of images.entries()) {
    const format = /\.jpe?g$/i.test(path) ? 'jpeg' : 'png';
    tree[path] = await makeImage(index * 7, { format, width: WIDTH, height: HEIGHT });
  }
  for (const [path, marked] of Object.entries(masks)) tree[path] = await makeMask(marked);
  return tree;
}

const json = (value: unknown): string => JSON.stringify(value);
const lines = (values: readonly unknown[]): string => values.map(json).join('\n');

/** Corners of a rectangle of 4 × 3 pixels at (2, 3). */
const BOX = [2, 3, 6, 3, 6, 6, 2, 6];

const iad = (code: string, image: string, mask: string | null = null) => ({
  category: 'usb',
  anomaly_class: code,
  image_path: image,
  mask_path: mask,
});

const lookout = (name: string, label: 'normal' | 'anomaly', more: object = {}) => ({
  'source-ref': `s3://bucket/usb/${name}`,
  'quality-label': label === 'normal' ? 1 : 0,
  'quality-label-metadata': {
    'class-name': label,
    type: 'groundtruth/image-classification',
    confidence: 1,
  },
  ...more,
});

const coco = (images: readonly string[], annotations: readonly object[]) =>
  json({
    images: images.map((file_name, id) => ({ id, file_name, width: WIDTH, height: HEIGHT })),
    annotations,
    categories: [
      { id: 1, name: 'scratch' },
      { id: 2, name: 'dent' },
    ],
  });

const labelme = (label: string, type: string, points: readonly number[][]) =>
  json({
    shapes: [{ label, points, shape_type: type, flags: {} }],
    imagePath: 'x.png',
    imageWidth: WIDTH,
    imageHeight: HEIGHT,
  });

export const LAYOUT_TREES: readonly LayoutTree[] = [
  {
    name: 'MVTec AD, and MPDD, with a validation split',
    layout: 'mvtec',
    images: [
      'bracket/train/good/000.png',
      'bracket/validation/good/000.png',
      'bracket/test/good/000.png',
      'bracket/test/parts_mismatch/000.png',
    ],
    masks: { 'bracket/ground_truth/parts_mismatch/000_mask.png': 9 },
    samples: [
      'bracket/test/good/000.png test normal - -',
      'bracket/test/parts_mismatch/000.png test anomalous parts_mismatch 9',
      'bracket/train/good/000.png train normal - -',
      'bracket/validation/good/000.png train normal - -',
    ],
    notes: ['VALIDATION_TRAINED'],
  },
  {
    name: 'MVTec LOCO AD',
    layout: 'mvtec-loco',
    images: [
      'box/train/good/000.png',
      'box/validation/good/000.png',
      'box/test/good/000.png',
      'box/test/logical_anomalies/000.png',
      'box/test/structural_anomalies/000.png',
    ],
    masks: {
      // The larger holds the smaller: their union is the larger.
      'box/ground_truth/logical_anomalies/000/000.png': 9,
      'box/ground_truth/logical_anomalies/000/001.png': 30,
      'box/ground_truth/structural_anomalies/000/000.png': 5,
    },
    files: { 'box/defects_config.json': '[]' },
    samples: [
      'box/test/good/000.png test normal - -',
      'box/test/logical_anomalies/000.png test anomalous logical_anomalies 30',
      'box/test/structural_anomalies/000.png test anomalous structural_anomalies 5',
      'box/train/good/000.png train normal - -',
      'box/validation/good/000.png train normal - -',
    ],
    notes: ['VALIDATION_TRAINED'],
  },
  {
    name: 'MVTec AD 2',
    layout: 'mvtec-ad-2',
    images: [
      'can/train/good/000_regular.png',
      'can/validation/good/000_regular.png',
      'can/test_public/good/000_regular.png',
      'can/test_public/bad/000_regular.png',
      'can/test_private/000_regular.png',
      'can/test_private_mixed/000_mixed.png',
    ],
    masks: { 'can/test_public/ground_truth/bad/000_regular_mask.png': 9 },
    samples: [
      'can/test_public/bad/000_regular.png test anomalous bad 9',
      'can/test_public/good/000_regular.png test normal - -',
      'can/train/good/000_regular.png train normal - -',
      'can/validation/good/000_regular.png train normal - -',
    ],
    notes: ['VALIDATION_TRAINED', 'LEFT_OUT'],
  },
  {
    name: 'the color images of MVTec 3D-AD',
    layout: 'mvtec-3d',
    images: [
      'bagel/train/good/rgb/000.png',
      'bagel/test/good/rgb/000.png',
      'bagel/test/hole/rgb/000.png',
    ],
    masks: { 'bagel/test/good/gt/000.png': 0, 'bagel/test/hole/gt/000.png': 9 },
    files: { 'bagel/train/good/xyz/000.tiff': 'depth', 'bagel/test/hole/xyz/000.tiff': 'depth' },
    samples: [
      'bagel/test/good/rgb/000.png test normal - -',
      'bagel/test/hole/rgb/000.png test anomalous hole 9',
      'bagel/train/good/rgb/000.png train normal - -',
    ],
  },
  {
    name: 'BTAD',
    layout: 'btad',
    images: ['01/train/ok/0000.png', '01/test/ok/0000.png', '01/test/ko/0001.png'],
    masks: { '01/ground_truth/ko/0001.png': 9 },
    samples: [
      '01/test/ko/0001.png test anomalous ko 9',
      '01/test/ok/0000.png test normal - -',
      '01/train/ok/0000.png train normal - -',
    ],
  },
  {
    name: 'VisA, raw',
    layout: 'visa',
    images: [
      'pcb1/Data/Images/Normal/0000.JPG',
      'pcb1/Data/Images/Normal/0001.JPG',
      'pcb1/Data/Images/Anomaly/000.JPG',
    ],
    masks: { 'pcb1/Data/Masks/Anomaly/000.png': 9 },
    files: {
      'split_csv/1cls.csv': [
        'object,split,label,image,mask',
        'pcb1,train,normal,pcb1/Data/Images/Normal/0000.JPG,',
        'pcb1,test,normal,pcb1/Data/Images/Normal/0001.JPG,',
        'pcb1,test,anomaly,pcb1/Data/Images/Anomaly/000.JPG,pcb1/Data/Masks/Anomaly/000.png',
      ].join('\n'),
    },
    samples: [
      'pcb1/Data/Images/Anomaly/000.JPG test anomalous anomaly 9',
      'pcb1/Data/Images/Normal/0000.JPG train normal - -',
      'pcb1/Data/Images/Normal/0001.JPG test normal - -',
    ],
  },
  {
    name: 'Real-IAD, with a normal view under NG',
    layout: 'real-iad',
    images: [
      'realiad_1024/usb/OK/S0001/usb_0001_OK_C1_x.jpg',
      'realiad_1024/usb/NG/AK/S0002/usb_0002_NG_AK_C1_x.jpg',
      'realiad_1024/usb/NG/AK/S0002/usb_0002_NG_AK_C2_x.jpg',
    ],
    masks: { 'realiad_1024/usb/NG/AK/S0002/usb_0002_NG_AK_C1_x.png': 9 },
    files: {
      'realiad_jsons/usb.json': json({
        meta: { normal_class: 'OK', prefix: 'usb/' },
        train: [iad('OK', 'OK/S0001/usb_0001_OK_C1_x.jpg')],
        test: [
          iad('OK', 'NG/AK/S0002/usb_0002_NG_AK_C2_x.jpg'),
          iad('AK', 'NG/AK/S0002/usb_0002_NG_AK_C1_x.jpg', 'NG/AK/S0002/usb_0002_NG_AK_C1_x.png'),
        ],
      }),
      'realiad_jsons_sv/usb.json': '{}',
    },
    samples: [
      'usb/NG/AK/S0002/usb_0002_NG_AK_C1_x.jpg test anomalous pit 9',
      'usb/NG/AK/S0002/usb_0002_NG_AK_C2_x.jpg test normal - -',
      'usb/OK/S0001/usb_0001_OK_C1_x.jpg train normal - -',
    ],
  },
  {
    name: 'KolektorSDD, a part on one side',
    layout: 'kolektor-sdd',
    images: [
      ...['kos01', 'kos02', 'kos03'].flatMap((part) => [`${part}/Part0.jpg`, `${part}/Part1.jpg`]),
      'kos04/Part0.jpg',
    ],
    masks: {
      ...Object.fromEntries(
        ['kos01', 'kos02', 'kos03'].flatMap((part) => [
          [`${part}/Part0_label.bmp`, 0],
          [`${part}/Part1_label.bmp`, 0],
        ]),
      ),
      'kos04/Part0_label.bmp': 9,
    },
    samples: [
      'kolektorsdd/kos01/Part0.jpg train normal - -',
      'kolektorsdd/kos01/Part1.jpg train normal - -',
      'kolektorsdd/kos02/Part0.jpg test normal - -',
      'kolektorsdd/kos02/Part1.jpg test normal - -',
      'kolektorsdd/kos03/Part0.jpg train normal - -',
      'kolektorsdd/kos03/Part1.jpg train normal - -',
      'kolektorsdd/kos04/Part0.jpg test anomalous defect 9',
    ],
    notes: ['SPLIT_MADE'],
  },
  {
    name: 'KolektorSDD2, whose defective training images are left out',
    layout: 'kolektor-sdd2',
    images: ['train/10000.png', 'train/10001.png', 'test/20000.png', 'test/20001.png'],
    masks: {
      'train/10000_GT.png': 0,
      'train/10001_GT.png': 5,
      'test/20000_GT.png': 0,
      'test/20001_GT.png': 9,
    },
    samples: [
      'kolektorsdd2/test/20000.png test normal - -',
      'kolektorsdd2/test/20001.png test anomalous defect 9',
      'kolektorsdd2/train/10000.png train normal - -',
    ],
    notes: ['LEFT_OUT'],
  },
  {
    name: 'a manifest of Lookout for Vision',
    layout: 'lookout',
    images: ['img/train/1.png', 'img/train/2.png', 'img/test/1.png', 'img/test/2.png'],
    masks: { 'img/masks/2.png': 9 },
    files: {
      'train.manifest': lines([
        lookout('train/1.png', 'normal'),
        lookout('train/2.png', 'anomaly'),
      ]),
      'test.manifest': lines([
        lookout('test/1.png', 'normal'),
        lookout('test/2.png', 'anomaly', {
          'anomaly-mask-ref': 's3://bucket/usb/masks/2.png',
          'anomaly-mask-ref-metadata': {
            'internal-color-map': {
              0: { 'class-name': 'BACKGROUND', 'hex-color': '#000000' },
              1: { 'class-name': 'crack', 'hex-color': '#ffffff' },
            },
            type: 'groundtruth/semantic-segmentation',
          },
        }),
      ]),
    },
    samples: [
      'set/img/test/1.png test normal - -',
      'set/img/test/2.png test anomalous crack 9',
      'set/img/train/1.png train normal - -',
      'set/img/train/2.png test anomalous anomaly -',
    ],
    notes: ['ANOMALIES_MOVED'],
  },
  {
    name: 'a .csv that names files',
    layout: 'csv',
    images: ['a/1.png', 'a/2.png', 'b/1.png', 'b/2.png'],
    masks: { 'm/2.png': 9 },
    files: {
      'samples.csv': [
        'image,label,split,category,defect_type,mask',
        'a/1.png,normal,train,bolt,,',
        'a/2.png,ok,test,bolt,,',
        'b/1.png,normal,val,nut,,',
        'b/2.png,defect,test,nut,crack,m/2.png',
      ].join('\n'),
    },
    samples: [
      'bolt/a/1.png train normal - -',
      'bolt/a/2.png test normal - -',
      'nut/b/1.png train normal - -',
      'nut/b/2.png test anomalous crack 9',
    ],
    notes: ['VALIDATION_TRAINED'],
  },
  {
    name: 'COCO annotations: polygons, run lengths and a box alone',
    layout: 'coco',
    images: ['train/1.png', 'test/1.png', 'test/2.png', 'test/3.png', 'test/4.png'],
    files: {
      'annotations/instances_train.json': coco(['1.png'], []),
      'annotations/instances_test.json': coco(
        ['1.png', '2.png', '3.png', '4.png'],
        [
          { image_id: 1, category_id: 1, segmentation: [BOX], bbox: [2, 3, 4, 3] },
          // Two columns of 16: the second half of the first.
          {
            image_id: 2,
            category_id: 2,
            segmentation: { size: [HEIGHT, WIDTH], counts: [8, 8, WIDTH * HEIGHT - 16] },
          },
          { image_id: 3, category_id: 1, segmentation: [], bbox: [0, 0, 4, 4] },
          { image_id: 3, category_id: 2, segmentation: [BOX], bbox: [0, 0, 4, 4] },
        ],
      ),
    },
    samples: [
      'set/test/1.png test normal - -',
      'set/test/2.png test anomalous scratch 12',
      'set/test/3.png test anomalous dent 8',
      'set/test/4.png test anomalous combined -',
      'set/train/1.png train normal - -',
    ],
    notes: ['TAKEN_AS_NORMAL'],
  },
  {
    name: 'LabelMe annotations',
    layout: 'labelme',
    images: ['train/1.png', 'test/1.png', 'test/2.png', 'test/3.png'],
    files: {
      'test/2.json': labelme('crack', 'rectangle', [
        [6, 6],
        [2, 3],
      ]),
      'test/3.json': labelme('hole', 'polygon', [
        [2, 3],
        [6, 3],
        [6, 6],
        [2, 6],
      ]),
    },
    samples: [
      'set/test/1.png test normal - -',
      'set/test/2.png test anomalous crack 12',
      'set/test/3.png test anomalous hole 12',
      'set/train/1.png train normal - -',
    ],
    notes: ['TAKEN_AS_NORMAL'],
  },
  {
    name: 'folders good and bad, split as asked for, by lot',
    layout: 'good-bad',
    images: [
      ...['a', 'b', 'c'].flatMap((lot) => [`OK/${lot}_1.png`, `OK/${lot}_2.png`]),
      'NG/1.png',
      'NG/scratch/2.png',
    ],
    split: { testShare: 0.3, groupBy: '/([a-z])_' },
    samples: [
      'set/NG/1.png test anomalous NG -',
      'set/NG/scratch/2.png test anomalous scratch -',
      'set/OK/a_1.png test normal - -',
      'set/OK/a_2.png test normal - -',
      'set/OK/b_1.png train normal - -',
      'set/OK/b_2.png train normal - -',
      'set/OK/c_1.png train normal - -',
      'set/OK/c_2.png train normal - -',
    ],
    notes: ['SPLIT_MADE'],
  },
  {
    name: 'one folder of normal images',
    layout: 'flat',
    images: ['1.png', '2.png'],
    samples: ['set/1.png train normal - -', 'set/2.png train normal - -'],
    notes: ['TAKEN_AS_NORMAL'],
  },
];
