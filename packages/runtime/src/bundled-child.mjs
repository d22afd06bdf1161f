/** @file First in a child process of `forkBundled`: runs the code that its parent sends, as if the file that it was made of ran. */
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';

const [, , entry] = process.argv;
process.argv.splice(1, 1);
process.once('message', (code) => {
  const run = runInThisContext(`(function (require) {${code}\n})`, { filename: entry });
  run(createRequire(entry));
});
