/** @file Errors of native code that mean a lack of memory, as what a person can act on. */
import { DomainError, type MethodName, memoryAdvice } from '@plumbline/contracts';
import { isCard } from './features/image-batches.ts';

/** Of onnxruntime, CUDA with its libraries, Vulkan, Dawn, TensorFlow and V8. */
const SAID =
  /out of (device |host |gpu )?memory|OUT_OF_(DEVICE|HOST)?_?MEMORY|failed to allocate memory|memory allocation (failed|failure)|ALLOC_FAILED|bad_alloc|std::length_error|array buffer allocation failed|\bOOM when allocating/i;

/** @returns The error itself where it means something else. */
export function asOutOfMemory(
  error: unknown,
  { method, provider }: { readonly method: MethodName; readonly provider: string },
): unknown {
  if (!(error instanceof Error) || error instanceof DomainError || !SAID.test(error.message))
    return error;
  const whose = isCard(provider) ? `The graphics card (${provider})` : 'The machine';
  return new DomainError('UNAVAILABLE', `${whose} ran out of memory.`, {
    ...{ fix: memoryAdvice(method), cause: error },
  });
}
