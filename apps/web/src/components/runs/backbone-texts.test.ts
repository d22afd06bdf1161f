import { BACKBONE_CATALOG, type BackboneSummary } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { backboneHint, backboneOption } from './backbone-texts.ts';

function summary(over: Partial<BackboneSummary>): BackboneSummary {
  const entry = BACKBONE_CATALOG.find((one) => one.name === 'resnet18') as BackboneSummary & object;
  return { ...entry, source: 'catalog', status: 'absent', path: null, fetch: null, ...over };
}

test('an option names the backbone and its size', () => {
  expect(backboneOption(summary({}))).toBe('resnet18 (46.8 MB)');
  expect(backboneOption(summary({ bytes: null }))).toBe('resnet18');
  expect(backboneOption(summary({ name: 'compact', source: 'embedded' }))).toBe(
    'compact (built in)',
  );
});

test('the hint says what will happen', () => {
  expect(backboneHint(summary({ source: 'embedded', parameters: 2_782_784 }))).toBe(
    'Comes with the platform, 2.8 million parameters. No download needed.',
  );
  expect(backboneHint(summary({}))).toBe(
    'Taps layer2 and layer3, BSD-3-Clause. The run downloads it first. Without network, download it from https://huggingface.co/timm/resnet18.tv_in1k elsewhere, then run “plumb backbones add <file> --name resnet18”.',
  );
  expect(backboneHint(summary({ status: 'ready' }))).toBe('Taps layer2 and layer3, BSD-3-Clause.');
  expect(backboneHint(summary({ sha256: null }))).toContain('plumb backbones fetch resnet18');
});
