/**
 * @file Lets in only as many bodies as fit in memory, before anything of them is read. What is held is released when
 * the answer is out or the client has left.
 */
import { DomainError } from '@plumbline/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tooLarge } from '../raw-routes/read-body.ts';

/** 64 MB. */
export const MAX_IMAGE_BYTES = 64 * 1000 * 1000;
/** Together, whichever addresses they are sent to: waiting, or being worked on. */
const IMAGES_UNDER_WAY: AdmissionOptions = {
  maxRequests: 64,
  maxBytes: 1.5 * MAX_IMAGE_BYTES,
  maxBodyBytes: MAX_IMAGE_BYTES,
};

export interface AdmissionOptions {
  /** Bodies at once. */
  readonly maxRequests: number;
  /** Bytes of those bodies, by their Content-Length. */
  readonly maxBytes: number;
  /** The largest body; one that does not say its length counts as that. */
  readonly maxBodyBytes: number;
}

export class Admission {
  readonly #options: AdmissionOptions;
  #requests = 0;
  #bytes = 0;

  constructor(options = IMAGES_UNDER_WAY) {
    this.#options = options;
  }

  /** Before the body is read. @throws DomainError TOO_MANY when there is no room now */
  readonly hook = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.method === 'POST') this.#admit(request, reply);
  };

  #admit(request: FastifyRequest, reply: FastifyReply): void {
    // Who left while their key was looked up is not told of again.
    if (reply.raw.destroyed) throw new DomainError('CANCELLED', 'The client has left.');
    const { maxRequests, maxBytes, maxBodyBytes } = this.#options;
    const declared = Number(request.headers['content-length'] ?? maxBodyBytes);
    if (!(declared <= maxBodyBytes)) {
      // What the client goes on to send is not read.
      reply.header('connection', 'close');
      throw tooLarge(maxBodyBytes);
    }
    if (this.#requests >= maxRequests || this.#bytes + declared > maxBytes) {
      throw new DomainError(
        'TOO_MANY',
        `${this.#requests} images with ${megabytes(this.#bytes)} MB are under way; this one with ${megabytes(declared)} MB exceeds the limit (at most ${maxRequests}, ${megabytes(maxBytes)} MB).`,
        { fix: 'Send it again in a moment, and send fewer or smaller images at once.' },
      );
    }
    this.#requests += 1;
    this.#bytes += declared;
    reply.raw.once('close', () => {
      this.#requests -= 1;
      this.#bytes -= declared;
    });
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 0);
}
