/** @file How refusals are described: ranges of statuses, as any address may refuse what is asked of it. */
const reference = (name: string) => ({ $ref: `#/components/responses/${name}` });

/** A status of 500 and above but 503 is a defect, and not described. */
export const FAILED = { '4XX': reference('Error'), 503: reference('Error') };
export const OTHER_FAILED = {
  protocol: { '4XX': reference('ProtocolError'), 503: reference('ProtocolError') },
  lookout: { '4XX': reference('LookoutError'), 503: reference('LookoutError') },
  upload: { '4XX': reference('UploadError'), 503: reference('Error') },
};

/** The form of errors of the Open Inference Protocol. */
export const PROTOCOL_ERROR = {
  description: 'The request failed.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: { error: { type: 'string' }, code: { type: 'string' } },
        required: ['error', 'code'],
      },
    },
  },
};

/** The form of errors of Amazon Lookout for Vision. */
export const LOOKOUT_ERROR = {
  description: 'The request failed.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: { Message: { type: 'string' }, Code: { type: 'string' } },
        required: ['Message', 'Code'],
      },
    },
  },
};
