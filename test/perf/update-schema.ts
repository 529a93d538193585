/** The body of a webhook as the bare servers check it. */
export const updateSchema = {
  type: 'object',
  required: ['update_id', 'message'],
  properties: {
    update_id: { type: 'integer' },
    message: {
      type: 'object',
      required: ['message_id', 'chat', 'text'],
      properties: {
        message_id: { type: 'integer' },
        text: { type: 'string' },
        chat: { type: 'object' },
      },
    },
  },
};
