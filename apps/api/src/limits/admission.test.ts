/** @file Places are given back, also of clients that leave before they have one. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { Admission } from './admission.ts';

const LIMITS = { maxRequests: 2, maxBytes: 100, maxBodyBytes: 50 };

function asked(): { request: FastifyRequest; reply: FastifyReply; raw: ServerResponse } {
  const message = new IncomingMessage(new Socket());
  const raw = new ServerResponse(message);
  const request = { method: 'POST', headers: { 'content-length': '40' } } as FastifyRequest;
  return { request, reply: { raw } as FastifyReply, raw };
}

it('gives a place back when the answer is out', async () => {
  const admission = new Admission(LIMITS);
  const [one, two, three] = [asked(), asked(), asked()];
  await admission.hook(one.request, one.reply);
  await admission.hook(two.request, two.reply);
  await expect(admission.hook(three.request, three.reply)).rejects.toThrow('under way');
  one.raw.emit('close');
  await admission.hook(three.request, three.reply);
});

it('gives none to whoever has left already', async () => {
  const admission = new Admission(LIMITS);
  for (let i = 0; i < 5; i++) {
    const { request, reply, raw } = asked();
    raw.destroy();
    await expect(admission.hook(request, reply)).rejects.toMatchObject({ code: 'CANCELLED' });
  }
  const { request, reply } = asked();
  await admission.hook(request, reply);
});
