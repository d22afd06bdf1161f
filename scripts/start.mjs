/**
 * @file `npm start`: sets the checkout up, brings the platform up and stays; Ctrl-C takes it down. `npm run dev` is the
 * same with `--dev`: what is edited shows by itself.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, setup } from './setup.mjs';

const development = process.argv.includes('--dev');
try {
  setup({ build: !development });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
console.log('Starting the platform …');
const tsx = pathToFileURL(join(ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
const supervisor = fork(
  join(ROOT, 'apps', 'platform', 'src', 'supervisor.ts'),
  development ? ['--dev'] : [],
  {
    execArgv: ['--import', tsx],
  },
);
supervisor.on('message', (message) => {
  if (message.type === 'failed') console.error(message.message);
  else
    console.log(
      `Dashboard  ${message.record.webUrl}\nAPI        ${message.record.apiUrl}\nAPI docs   ${message.record.apiUrl}/docs\nPress Ctrl-C to stop.`,
    );
});
supervisor.on('exit', (code) => {
  console.log('Stopped.');
  process.exit(code ?? 1);
});
// A terminal sends Ctrl-C to the supervisor as well; a service manager's signal reaches this process alone.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => supervisor.kill('SIGTERM'));
