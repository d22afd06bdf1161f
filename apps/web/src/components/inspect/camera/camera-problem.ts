/** @file Why there is no picture of a camera, and what to do. */

export interface CameraProblem {
  readonly message: string;
  readonly fix: string;
}

export const NO_CAMERA_API: CameraProblem = {
  message: 'This page may not use a camera.',
  fix: 'Browsers give cameras to pages over HTTPS and to pages of this machine (127.0.0.1): open the dashboard that way.',
};

/** @param error What `getUserMedia` threw. */
export function cameraProblem(error: unknown): CameraProblem {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return {
      message: 'The camera was refused.',
      fix: 'Allow it beside the address of this page, then try again.',
    };
  }
  if (name === 'NotFoundError' || name === 'OverconstrainedError')
    return { message: 'No camera was found.', fix: 'Connect one, or choose a file.' };
  if (name === 'NotReadableError') {
    return {
      message: 'The camera gives no picture.',
      fix: 'Close other programs that use it, then try again.',
    };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { message: `The camera could not be opened: ${reason}`, fix: 'Choose a file instead.' };
}
