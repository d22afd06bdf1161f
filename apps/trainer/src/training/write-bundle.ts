/** @file Writes a model bundle: `model.onnx`, `manifest.json` and `card.md` in one folder that appears complete or not at all. */
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleManifest, METRIC_NAMES } from '@plumbline/contracts';

export interface WrittenBundle {
  /** Relative to the folder of bundles. */
  readonly directory: string;
  readonly manifest: BundleManifest;
  /** SHA-256 over names and hashes of the bundle's files, the manifest's time stamps left out. */
  readonly bundleHash: string;
  readonly sizeBytes: number;
}

export async function writeBundle(
  bundlesFolder: string,
  model: Uint8Array,
  unsigned: Omit<BundleManifest, 'files'>,
): Promise<WrittenBundle> {
  const directory = unsigned.lineage.run;
  const card = Buffer.from(modelCard(unsigned));
  const files = [
    { name: 'model.onnx', bytes: model },
    { name: 'card.md', bytes: card },
  ];
  const manifest: BundleManifest = {
    ...unsigned,
    files: files.map(({ name, bytes }) => ({
      name,
      sha256: sha256(bytes),
      bytes: bytes.byteLength,
    })),
  };
  const manifestBytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const target = join(bundlesFolder, directory);
  const partial = `${target}.${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const file of [...files, { name: 'manifest.json', bytes: manifestBytes }])
    await writeDurably(join(partial, file.name), file.bytes);
  // A run that was interrupted between writing and publishing has left its bundle here.
  await rm(target, { recursive: true, force: true });
  await rename(partial, target);
  return {
    directory,
    manifest,
    bundleHash: sha256(
      Buffer.from(manifest.files.map((file) => `${file.name} ${file.sha256}`).join('\n')),
    ),
    sizeBytes: files.reduce((sum, file) => sum + file.bytes.byteLength, manifestBytes.byteLength),
  };
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What a person should know before trusting the model. Holds no time stamps, so that equal runs give equal cards. */
function modelCard(manifest: Omit<BundleManifest, 'files'>): string {
  const percent = (value: number | null) =>
    value === null ? 'undefined' : (value * 100).toFixed(1);
  const row = (name: string, metrics: BundleManifest['mean']) =>
    `| ${name} | ${METRIC_NAMES.map((metric) => percent(metrics[metric])).join(' | ')} |`;
  const rows = [
    row('mean', manifest.mean),
    ...Object.entries(manifest.categories).map(([name, metrics]) => row(name, metrics)),
  ];
  return `# ${manifest.model}

Multi-class visual anomaly detection by ${manifest.method}, preset ${manifest.preset}, backbone ${manifest.backbone.name} (${manifest.backbone.featureTaps.join(', ')}), seed ${manifest.seed}.
Trained on normal images of the dataset ${manifest.lineage.dataset} ${manifest.lineage.datasetVersion}; code ${manifest.lineage.codeVersion}.

Results in percent on the test split, protocol ${manifest.protocol.name}; "undefined" where the test images cannot give the number.

| category | ${METRIC_NAMES.join(' | ')} |
|---|${METRIC_NAMES.map(() => '---|').join('')}
${rows.join('\n')}

Thresholds: ${manifest.thresholds.rule} The test split had no part in them.

Input: \`${manifest.graph.input.name}\`, uint8 \`[N, H, W, 3]\`, RGB, any size. Outputs: \`${manifest.graph.anomalyMap.name}\` and \`${manifest.graph.imageScore.name}\`, not rescaled.
Not for: categories it was not trained on, and decisions without a person where safety depends on them.
`;
}
