/**
 * @file One HTTP connection that is kept, with as little work as its client can do: it shares the processor with what is measured,
 * and Node's own client takes half a millisecond of each request after a pause.
 */
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

export class PlainConnection {
  readonly #socket: Socket;
  readonly #head: string;
  #answer: Buffer = Buffer.alloc(0);
  #resolve: (status: number) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(url: string) {
    const { hostname, port, host, pathname, search } = new URL(url);
    this.#head = `POST ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/octet-stream\r\nContent-Length: `;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on('data', (part) => this.#take(part));
    this.#socket.on('error', (error) => this.#reject(error));
    this.#socket.on('close', () => this.#reject(new Error('The connection was closed.')));
  }

  /** One at a time. @returns The status of the answer, once it is there in full. */
  post(body: Uint8Array): Promise<number> {
    const answered = new Promise<number>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#socket.cork();
    this.#socket.write(`${this.#head}${body.length}\r\n\r\n`);
    this.#socket.write(body);
    this.#socket.uncork();
    return answered;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(part: Buffer): void {
    this.#answer = this.#answer.length === 0 ? part : Buffer.concat([this.#answer, part]);
    const headEnd = this.#answer.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#answer.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#reject(new Error(`An answer without a length:\n${head}`));
      return;
    }
    if (this.#answer.length < headEnd + HEAD_END.length + Number(length)) return;
    this.#answer = Buffer.alloc(0);
    this.#resolve(Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)));
  }
}
