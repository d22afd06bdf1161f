/** @file A small dataset in the layout of each tool and habit, and what an import must make of it. */
import { HEIGHT, type LayoutTree, WIDTH } from './layout-trees.ts';

const json = (value: unknown): string => JSON.stringify(value);
const lines = (values: readonly unknown[]): string => values.map(json).join('\n');

/** Corners of a rectangle of 4 × 3 pixels at (2, 3). */
const BOX = [2, 3, 6, 3, 6, 6, 2, 6];

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

export const ANNOTATED_TREES: readonly LayoutTree[] = [
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
