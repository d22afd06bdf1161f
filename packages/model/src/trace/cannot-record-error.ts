/** @file The error for what has no place in a graph. */

export interface CannotRecordContext {
  /** TensorFlow.js' name of the kernel at fault. */
  readonly kernel?: string;
  readonly cause?: unknown;
}

/** A traced function did something that can't be recorded; the message names the kernel and where it was called. */
export class CannotRecordError extends Error {
  readonly kernel: string | null;
  /** What can't be recorded, and why: the parts of the message. */
  readonly what: string;
  readonly why: string;

  constructor(what: string, why: string, context: CannotRecordContext = {}) {
    super(
      `Cannot record ${what}: ${why}${calledFrom(context.cause)}.`,
      context.cause === undefined ? undefined : { cause: context.cause },
    );
    this.name = 'CannotRecordError';
    this.kernel = context.kernel ?? null;
    this.what = what;
    this.why = why;
  }
}

/** Files of packages, of Node, of TensorFlow.js (whose source maps name its sources) and of the tracer. */
const NOT_THE_CALLER =
  /node_modules|node:|[/\\]tfjs-[\w-]+[/\\]src[/\\]|[/\\]trace[/\\](?!.*\.test\.)/;
const FRAME = /([^/\\\s(]+\.[cm]?[jt]sx?):(\d+)(?::\d+)?\)?$/;

/** The call in the traced function: the innermost place outside TensorFlow.js and the tracer. */
function calledFrom(cause: unknown): string {
  const { stack = '' } = cause instanceof Error ? cause : new Error();
  const frame = stack
    .split('\n')
    .filter((line) => line.trim().startsWith('at '))
    .find((line) => !NOT_THE_CALLER.test(line));
  const place = frame === undefined ? null : FRAME.exec(frame.trim());
  return place === null ? '' : ` (called in ${place[1]}:${place[2]})`;
}

/** TensorFlow.js puts more calls between a function and its kernels than a stack usually shows. */
export function withDeepStacks<T>(run: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
