/** @file A platform of its own for a spec, driven by the command `plumb` as a user would. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ErrorBody, errorBodySchema, samplePageSchema } from '@plumbline/contracts';
import { writeSmallDataset } from './small-dataset.ts';

const PLUMB = fileURLToPath(new URL('../../apps/cli/bin/plumb.mjs', import.meta.url));

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class TestPlatform {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async create(): Promise<TestPlatform> {
    return new TestPlatform(await mkdtemp(join(tmpdir(), 'plumbline-e2e-')));
  }

  /** One in a folder that somebody else has made. */
  static at(home: string): TestPlatform {
    return new TestPlatform(home);
  }

  /** Runs `plumb` with these arguments. */
  run(...args: string[]): Promise<CommandResult> {
    const env = {
      ...process.env,
      PLUMBLINE_HOME: this.home,
      PLUMBLINE_API_PORT: '0',
      PLUMBLINE_WEB_PORT: '0',
    };
    const child = spawn(process.execPath, [PLUMB, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text.stderr += chunk;
    });
    return new Promise((resolve) =>
      child.on('close', (code) => resolve({ code: code ?? 1, ...text })),
    );
  }

  /** Runs a command that must succeed, and parses its JSON. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`plumb ${args.join(' ')} ended with code ${code}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Runs a command that must fail, and gives its error. */
  async failure(...args: string[]): Promise<ErrorBody> {
    const { code, stderr, stdout } = await this.run(...args, '--json');
    if (code !== 1) throw new Error(`plumb ${args.join(' ')} ended with code ${code}: ${stdout}`);
    const body: unknown = JSON.parse(stderr.slice(stderr.indexOf('{\n')));
    return errorBodySchema.parse((body as { error: unknown }).error);
  }

  async record(): Promise<{
    pid: number;
    apiUrl: string;
    webUrl: string | null;
    databaseUrl: string;
  }> {
    return JSON.parse(await readFile(join(this.home, 'platform.json'), 'utf8'));
  }

  /** Imports the small dataset. */
  async importSmall(name: string): Promise<void> {
    const folder = join(this.home, `source-${name}`);
    await writeSmallDataset(folder);
    await this.json('datasets', 'import', folder, '--name', name);
  }

  /** What the API answers to GET, without the second that starting `plumb` takes. @throws while it does not answer */
  async get<T>(path: string): Promise<T> {
    const { apiUrl } = await this.record();
    const answer = await fetch(`${apiUrl}${path}`);
    if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}`);
    return (await answer.json()) as T;
  }

  /** The bytes of an image or a mask. */
  async blob(sha256: string): Promise<Uint8Array> {
    const { apiUrl } = await this.record();
    const answer = await fetch(`${apiUrl}/v1/blobs/${sha256}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** Writes an anomalous test image of a dataset to a file. */
  async saveAnomalousImage(dataset: string): Promise<string> {
    const { apiUrl } = await this.record();
    const query = 'split=test&label=anomalous&limit=1';
    const answer = await fetch(`${apiUrl}/v1/datasets/${dataset}/samples?${query}`);
    const { samples } = samplePageSchema.parse(await answer.json());
    const image = await fetch(`${apiUrl}/v1/blobs/${samples[0]?.image.sha256}`);
    const path = join(this.home, 'anomalous.png');
    await writeFile(path, new Uint8Array(await image.arrayBuffer()));
    return path;
  }

  async remove(): Promise<void> {
    await this.run('down');
    await rm(this.home, { recursive: true, force: true });
  }
}
