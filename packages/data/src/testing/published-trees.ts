/** @file A small dataset in the layout of each published one, as its authors arrange it, and what an import must make of it. */
import type { LayoutTree } from './layout-trees.ts';

const json = (value: unknown): string => JSON.stringify(value);

const iad = (code: string, image: string, mask: string | null = null) => ({
  category: 'usb',
  anomaly_class: code,
  image_path: image,
  mask_path: mask,
});

export const PUBLISHED_TREES: readonly LayoutTree[] = [
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
];
