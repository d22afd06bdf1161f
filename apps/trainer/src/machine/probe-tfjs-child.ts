/** @file The child process that tries one TensorFlow.js backend. Arguments: its name, the package's folder if not found by name. */
import { tryTfjsBackend } from '@plumbline/model';
import { answerProbe } from '@plumbline/runtime';

await answerProbe(async () => {
  tryTfjsBackend(process.argv[2] ?? '', process.argv[3]);
  return null;
});
