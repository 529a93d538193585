import fastify from 'fastify';
import { updateSchema } from './update-schema.ts';

/** What the hub is measured against: the same HTTP server, the same body checked by a schema, nothing stored. */
const app = fastify();
app.post('/', { schema: { body: updateSchema } }, async () => ({ ok: true }));
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
