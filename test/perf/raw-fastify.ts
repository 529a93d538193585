import fastify from 'fastify';

/** What the hub is measured against: the same HTTP server, the same body checked by a schema, nothing stored. */
const app = fastify();
app.post(
  '/',
  {
    schema: {
      body: {
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
      },
    },
  },
  async () => ({ ok: true }),
);
const address = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(address);
