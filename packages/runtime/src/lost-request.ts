/** @file What a request to an inference process ends with when that process is gone. */
import { DomainError } from '@plumbline/contracts';

/** `ended`: it crashed or was killed. `silent`: it was stopped. `overdue`: it took longer than one image may. */
export type LossCause = 'ended' | 'silent' | 'overdue';

export class LostRequest extends DomainError {
  readonly lossCause: LossCause;
  /** The process had this request's image at hand, so the image may be what ended it. */
  readonly isSuspect: boolean;

  constructor(lossCause: LossCause, reason: string, isSuspect: boolean) {
    super('UNAVAILABLE', `The inference process is gone: ${reason}.`, {
      fix: 'Send the request again: a new process will be started.',
    });
    this.lossCause = lossCause;
    this.isSuspect = isSuspect;
  }
}
