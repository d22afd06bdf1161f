/** @file What is said of a training process that ended without a word. */
import { DomainError, type MethodName, memoryAdvice } from '@plumbline/contracts';

/**
 * SIGKILL is what Linux ends a process with when memory runs out; native code ends itself with SIGSEGV, SIGABRT or SIGBUS.
 * @param signal That ended it; null when it exited by itself.
 */
export function crashError(signal: NodeJS.Signals | null, method: MethodName): DomainError {
  if (signal === 'SIGKILL') {
    return new DomainError(
      'UNAVAILABLE',
      'The training process was killed (SIGKILL): most likely the machine ran out of memory.',
      { fix: memoryAdvice(method) },
    );
  }
  const how = signal === null ? '' : ` (${signal})`;
  return new DomainError('UNAVAILABLE', `The training process crashed${how}.`, {
    fix: `See the platform log. If memory is short: ${memoryAdvice(method)}`,
  });
}
