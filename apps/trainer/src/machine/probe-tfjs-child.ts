/** @file The child process that tries one TensorFlow.js backend. Argument: its name. */
import { tryTfjsBackend } from '@plumbline/model';
import { answerProbe } from '@plumbline/runtime';

await answerProbe(async () => {
  tryTfjsBackend(process.argv[2] ?? '');
  return null;
});
