/** @file An upload that ended without its file, in the API's form of errors. */
import type { ErrorBody } from '@plumbline/contracts';

export class UploadFailure extends Error {
  readonly body: ErrorBody;
  constructor(body: ErrorBody) {
    super(body.message);
    this.body = body;
  }
}
