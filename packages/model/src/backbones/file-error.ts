/** @file What to say about a backbone's file that isn't there or can't be read or used. */
import { DomainError } from '@plumbline/contracts';

/** @param error What opening or reading the file at `path` threw. */
export function fileError(path: string, error: unknown): DomainError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new DomainError('NOT_FOUND', `There is no backbone file "${path}".`, {
      field: 'backbone',
      fix: 'Name "standard", "compact", a backbone of "plumb backbones list", or an .onnx or .safetensors file that is on this machine, with its full path.',
      cause: error,
    });
  }
  const what = code === 'EISDIR' ? 'is a folder' : `can't be read (${code ?? String(error)})`;
  return backboneError(path, what, 'Name a file that the platform may read.', error);
}

/** A failure of the file at `path`, which the sentence after its name says. */
export function backboneError(
  path: string,
  what: string,
  fix: string,
  cause?: unknown,
): DomainError {
  return new DomainError('INVALID_INPUT', `Backbone "${path}" ${what}.`, {
    field: 'backbone',
    fix,
    ...(cause === undefined ? {} : { cause }),
  });
}
