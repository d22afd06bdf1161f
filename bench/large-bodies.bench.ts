/**
 * @file Many large images at once, more than the API lets in: its memory while they come, and how soon the others are told.
 *
 *     npm run bench -- large-bodies --json [--images 100] [--megabytes 60] [--rounds 3]
 *
 * Of the Node client here each body goes on to be sent after it has been refused, so that the last answers wait for the others' bytes.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { forkTypeScript } from '@plumbline/runtime';
import { residentMbBelow } from './scale/process-memory.ts';
import { MODEL, serveVersions } from './serve/served-version.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    images: { type: 'string', default: '100' },
    megabytes: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '3' },
  },
});
const SAMPLED_MS = 20;
const PART = Buffer.alloc(1e6, 7);
const bytes = Number(values.megabytes) * 1e6;

const served = await serveVersions({ bundle: null, backbone: 'compact', versions: 1 });
const api = forkTypeScript(new URL('../apps/api/src/main.ts', import.meta.url), [], {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  env: {
    ...process.env,
    ...{ PLUMBLINE_HOME: served.home.root, DATABASE_URL: served.databaseUrl },
    ...{ PLUMBLINE_API_PORT: '0', PLUMBLINE_LOG_LEVEL: 'error' },
  },
});
const [listening] = (await once(api, 'message')) as [{ url: string }];
const url = `${listening.url}/v1/models/${MODEL}/predict`;
const resident = () => residentMbBelow(process.pid, 'api/src/main.ts') ?? 0;

try {
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round += 1) rounds.push(await all());
  if (values.json) process.stdout.write(`${JSON.stringify(rounds)}\n`);
  else console.table(rounds);
} finally {
  api.kill();
  if (api.exitCode === null) await once(api, 'exit');
  await served.stop();
}

async function all(): Promise<object> {
  const beforeMb = resident();
  let peakMb = beforeMb;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, resident());
  }, SAMPLED_MS);
  const agent = new Agent({ maxSockets: Number(values.images) });
  const answers = await Promise.all(
    Array.from({ length: Number(values.images) }, () => send(agent)),
  );
  clearInterval(timer);
  agent.destroy();
  const of = (status: number) => answers.filter((one) => one.status === status);
  const refused = of(429).map(({ ms }) => Math.round(ms));
  return {
    ...{ beforeMb, peakMb, afterMb: resident() },
    ...{ readAndNoImage: of(400).length, refused: refused.length },
    refusedMs: refused.sort((a, b) => a - b)[Math.floor(refused.length / 2)] ?? null,
  };
}

function send(agent: Agent): Promise<{ status: number; ms: number }> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      const ms = performance.now() - start;
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, ms }));
    });
    sent.on('error', reject);
    let left = bytes;
    const write = () => {
      while (left > 0) {
        left -= PART.length;
        if (!sent.write(PART)) {
          sent.once('drain', write);
          return;
        }
      }
      sent.end();
    };
    write();
  });
}
