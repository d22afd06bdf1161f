/**
 * @file The backbones that can be fetched from their publisher by name. Files are pinned to a revision where its hash
 * is established: SHA-256 and size are those of the publisher's file at that revision, as public projects that verify
 * their downloads pin them. Where that could not be established, `sha256` is null and a user confirms it.
 */
import type { FeatureTapSummary } from './backbone.ts';

export interface CatalogBackbone {
  readonly name: string;
  /** timm's name of the network that its weights are of. */
  readonly architecture: string;
  readonly page: string;
  readonly url: string;
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly license: 'Apache-2.0' | 'BSD-3-Clause';
  /** Of the whole network with its classifier. */
  readonly parameters: number;
  readonly featureTaps: readonly FeatureTapSummary[];
  readonly defaultTaps: readonly string[];
}

const HUB = 'https://huggingface.co/timm';

interface Pin {
  readonly revision: string;
  readonly sha256: string;
  readonly bytes: number;
}

type Family = Pick<
  CatalogBackbone,
  'architecture' | 'license' | 'parameters' | 'featureTaps' | 'defaultTaps'
>;

function entry(name: string, repository: string, family: Family, pin?: Pin): CatalogBackbone {
  const page = `${HUB}/${repository}`;
  return {
    name,
    ...family,
    page,
    url: `${page}/resolve/${pin?.revision ?? 'main'}/model.safetensors`,
    sha256: pin?.sha256 ?? null,
    bytes: pin?.bytes ?? null,
  };
}

function resNet(
  architecture: string,
  parameters: number,
  channels: readonly number[],
  license: Family['license'] = 'BSD-3-Clause',
): Family {
  return {
    architecture,
    license,
    parameters,
    featureTaps: channels.map((count, i) => ({
      name: `layer${i + 1}`,
      channels: count,
      stride: 4 * 2 ** i,
    })),
    defaultTaps: ['layer2', 'layer3'],
  };
}

const EFFICIENTNET_STRIDES = [2, 4, 8, 16, 16, 32, 32];

function efficientNet(
  variant: number,
  parameters: number,
  channels: readonly number[],
): readonly [string, string, Family] {
  const name = `tf_efficientnet_b${variant}`;
  const featureTaps = channels.map((count, i) => ({
    name: `blocks.${i}`,
    channels: count,
    stride: EFFICIENTNET_STRIDES[i] as number,
  }));
  return [
    name,
    `${name}.aa_in1k`,
    {
      architecture: name,
      license: 'Apache-2.0',
      parameters,
      featureTaps,
      defaultTaps: ['blocks.2', 'blocks.4'],
    },
  ];
}

/** A patch stands for 16 pixels of the image: see `architectures.ts` of the model package. */
function dinov2(
  size: string,
  registers: boolean,
  { parameters, channels, blocks }: { parameters: number; channels: number; blocks: number },
): readonly [string, string, Family] {
  const name = `vit_${size}_patch14_${registers ? 'reg4_' : ''}dinov2`;
  const names = [...Array.from({ length: blocks }, (_, k) => `blocks.${k}`), 'norm'];
  return [
    name,
    `${name}.lvd142m`,
    {
      architecture: name,
      license: 'Apache-2.0',
      parameters,
      featureTaps: names.map((tap) => ({ name: tap, channels, stride: 16 })),
      defaultTaps: [`blocks.${blocks / 2 - 1}`, `blocks.${(5 * blocks) / 6 - 1}`],
    },
  ];
}

const WIDE = resNet('wide_resnet50_2', 68_883_240, [256, 512, 1024, 2048]);
const SMALL = { parameters: 22_056_576, channels: 384, blocks: 12 };
const BASE = { parameters: 86_580_480, channels: 768, blocks: 12 };
const LARGE = { parameters: 304_368_640, channels: 1024, blocks: 24 };

export const BACKBONE_CATALOG: readonly CatalogBackbone[] = [
  entry('resnet18', 'resnet18.tv_in1k', resNet('resnet18', 11_689_512, [64, 128, 256, 512]), {
    revision: 'bbd144b3e5565108aad885f145491d11bc6ce807',
    sha256: '694f673df6520a3158624e8a89af086f59923ee4cd7436fe5bc3bc71d295ad81',
    bytes: 46_807_446,
  }),
  entry('resnet34', 'resnet34.tv_in1k', resNet('resnet34', 21_797_672, [64, 128, 256, 512]), {
    revision: '1b7b21cca82ff974d341713f777bf740c2db38c4',
    sha256: '0bb82595a564991a9d424708b33f5d843f5aaed7f6c0886ff10849ff97022235',
    bytes: 87_278_522,
  }),
  entry('resnet50', 'resnet50.tv_in1k', resNet('resnet50', 25_557_032, [256, 512, 1024, 2048]), {
    revision: '78f3ecfdb38e06d9b8397f662e7ab8fee96026fa',
    sha256: '5d061a3c593d795bfe682d9b152bafbcf550579873492def3515b46db1189888',
    bytes: 102_469_840,
  }),
  // The weights of RLR's released configuration; the next ones are those of PaDiM's and PatchCore's papers.
  entry(
    'wide_resnet50_2',
    'wide_resnet50_2.racm_in1k',
    { ...WIDE, license: 'Apache-2.0' },
    {
      revision: '30f73aceaaa1911830a9795b83ab1908dba18719',
      sha256: '03b71d65fb2c73bb0de079a1781009f27a782ec481d2f64ab3bde9b1cdec3000',
      bytes: 275_835_296,
    },
  ),
  entry('wide_resnet50_2.tv_in1k', 'wide_resnet50_2.tv_in1k', WIDE, {
    revision: '343c5fa59ca8a131e0cdf42144a641b36a0387c2',
    sha256: 'df6fb6c4824769769de18e14088475fd6ee94236849aa4e5d8022ba9d9a9a16c',
    bytes: 275_835_296,
  }),
  entry(...efficientNet(0, 5_288_548, [16, 24, 40, 80, 112, 192, 320])),
  entry(...efficientNet(1, 7_794_184, [16, 24, 40, 80, 112, 192, 320])),
  entry(...efficientNet(2, 9_109_994, [16, 24, 48, 88, 120, 208, 352])),
  entry(...efficientNet(3, 12_233_232, [24, 32, 48, 96, 136, 232, 384])),
  entry(...efficientNet(4, 19_341_616, [24, 32, 56, 112, 160, 272, 448])),
  entry(...efficientNet(5, 30_389_784, [24, 40, 64, 128, 176, 304, 512])),
  entry(...efficientNet(6, 43_040_704, [32, 40, 72, 144, 200, 344, 576])),
  entry(...efficientNet(7, 66_347_960, [32, 48, 80, 160, 224, 384, 640])),
  entry(...dinov2('small', false, SMALL), {
    revision: '4610ca143709d58a633b6397a74412c2c3842454',
    sha256: '04d27f3400d059fc0cfd7d17dd1909a75bf3ea8fb3eeb48b97cb99e57ee20081',
    bytes: 88_240_510,
  }),
  entry(...dinov2('base', false, BASE), {
    revision: '4685c99dabffe5affac90bd99dbffd25801ae58d',
    sha256: '55cbb5d887b336d430e649c277b85a1429e724871f9d02ac16203235886d8c7b',
    bytes: 346_334_872,
  }),
  entry(...dinov2('large', false, LARGE), {
    revision: '4741e1cafbf45415e77074bb0cb42dba76c8684a',
    sha256: '0424a5d1b515278cba3c6640ccbeaacc41de59d3a93df0dd5e494285eea2b355',
    bytes: 1_217_502_758,
  }),
  entry(...dinov2('small', true, SMALL)),
  entry(...dinov2('base', true, BASE), {
    revision: '3b06466a5548c52b8b98822e1390987695fcbf82',
    sha256: 'c24ecfb4a1d8ca79193f6b9efcffc461872a09ddac43a0931357e4802931a006',
    bytes: 346_344_168,
  }),
  entry(...dinov2('large', true, LARGE)),
];

/** Null when the catalog has no such name. */
export function findCatalogBackbone(name: string): CatalogBackbone | null {
  return BACKBONE_CATALOG.find((one) => one.name === name) ?? null;
}
