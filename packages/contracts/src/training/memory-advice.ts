/** @file What to change when a run needs more memory than there is. */
import { type MethodName, methodDefinition } from '../methods/index.ts';

/** A sentence that names the settings to lower, by the method's definition. */
export function memoryAdvice(method: MethodName): string {
  const { growsWith } = methodDefinition(method).memory;
  return `Start a run with a lower ${growsWith.join(', ')} (--set ${growsWith[0]}=…), the preset edge or fewer feature taps, or free memory and resume this one.`;
}
