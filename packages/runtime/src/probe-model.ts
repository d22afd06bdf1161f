/**
 * @file What a provider is tried with: y = max(x·x·x·x·x), x float32 `[n, n]`, 4·2·n³ operations and one number back.
 * Operator set 20, made once by `GraphBuilder`.
 */
import * as ort from './onnxruntime.ts';

const MODEL = Uint8Array.from(
  Buffer.from(
    'CAkSCXBsdW1ibGluZTqoAgocCgF4CgF4EgJwMBoITWF0TXVsXzAiBk1hdE11bAodCgJwMAoBeBICcDEaCE1hdE11bF8xIgZNYXRNdWwKHQoCcDEK' +
      'AXgSAnAyGghNYXRNdWxfMiIGTWF0TXVsCh0KAnAyCgF4EgJwMxoITWF0TXVsXzMiBk1hdE11bAo1CgJwMwoCYzASBHJvd3MaC1JlZHVjZU1heF80' +
      'IglSZWR1Y2VNYXgqDQoIa2VlcGRpbXOgAQIKNAoEcm93cwoCYzASAXkaC1JlZHVjZU1heF81IglSZWR1Y2VNYXgqDQoIa2VlcGRpbXOgAQISBXBy' +
      'b2JlKhMKAQEQB0ICYzBKCAAAAAAAAAAAWhUKAXgSEAoOCAESCgoDEgFuCgMSAW5iCwoBeRIGCgQIARIAQgIQFA==',
    'base64',
  ),
);

/**
 * Runs the model until it has been timed twice after a first run.
 * @returns Milliseconds of the faster one.
 * @throws Error when the provider can't be used or computes something else.
 */
export async function timeProvider(provider: string, n: number): Promise<number> {
  const session = await ort.InferenceSession.create(MODEL, {
    executionProviders: [provider],
    logSeverityLevel: 4,
  });
  try {
    // A matrix of 1/n: so are all its powers.
    const x = new ort.Tensor('float32', new Float32Array(n * n).fill(1 / n), [n, n]);
    let fastest = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 3; run++) {
      const start = performance.now();
      const { y } = await session.run({ x });
      if (run > 0) fastest = Math.min(fastest, performance.now() - start);
      const value = Number(y?.data[0]);
      if (Math.abs(value * n - 1) > 1e-3)
        throw new Error(`it computes ${value} where 1/${n} is due`);
    }
    return fastest;
  } finally {
    await session.release();
  }
}
