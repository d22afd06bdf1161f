/**
 * @file A test that found no process must not signal its own group: `process.kill(0, 'SIGKILL')` ends the whole test run without
 * a word, and 0 is what `Number('')` gives for a file of a process id that is just being written.
 */
import process from 'node:process';

const kill = process.kill.bind(process);

process.kill = (pid, signal) => {
  if (Number.isInteger(pid) && Math.abs(pid) > 1) return kill(pid, signal);
  throw new Error(`${pid} is no process of a test: there was none to signal.`);
};
