/** @file What to change when a run needs more memory than there is. */
import { type MethodName, methodDefinition } from '../methods/index.ts';

/** Settings that memory grows with, the likeliest first. A method has some of them. */
const GROWING = ['batchSize', 'reservoir', 'bankMb', 'bankMax', 'channels', 'imageSizePx'];

/** A sentence that names the settings to lower. */
export function memoryAdvice(method: MethodName): string {
  const { settings } = methodDefinition(method);
  const own = GROWING.filter((name) => name in settings.shape);
  return `Start a run with a lower ${own.join(', ')} (--set ${own[0]}=…) or the preset edge, or free memory and resume this one.`;
}
