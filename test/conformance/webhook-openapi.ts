import { z } from 'zod';
import {
  outgoingWebhookEvent,
  webhookAnswer,
  webhookEvent,
} from '../../gateway/connectors/webhook/payloads.ts';

/** The text of docs/webhook-channel.openapi.json, from the schemas that the connector checks with. */
export function webhookOpenApi() {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  });
  const parameters = [
    header('webhook-id', 'The same in every attempt of one event.'),
    header('webhook-timestamp', 'Seconds since 1970, at most five minutes away from now.'),
    header('webhook-signature', 'v1 signatures of id.timestamp.body with spaces between.'),
  ];
  const operation = (summary: string, request: z.ZodType, responses: object) => ({
    post: {
      summary,
      parameters,
      requestBody: { required: true, content: json(request) },
      responses,
    },
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Okno: the webhook channel',
      version: '1',
      description: 'Signed as https://www.standardwebhooks.com says.',
    },
    paths: {
      '/channels/{channel}/webhook': {
        parameters: [{ name: 'channel', in: 'path', required: true, schema: { type: 'string' } }],
        ...operation('Tell the hub what a client did, or what became of a message.', webhookEvent, {
          '200': { description: 'Stored, or kept in the quarantine where it could not be read.' },
          '401': { description: 'Not signed, or signed at another time. Nothing is stored.' },
          '413': { description: 'Larger than a request may be.' },
          '503': { description: 'Nothing is stored; send it again after Retry-After.' },
        }),
      },
    },
    webhooks: {
      event: operation('The hub tells your server.', outgoingWebhookEvent, {
        '200': { description: 'Taken. The body is empty, or names your id.', content: json(webhookAnswer) },
        '410': { description: 'Nobody is there any more: the message fails for good.' },
        '422': { description: 'Refused for good; so are 400, 404, 413, 415 and 501.' },
        '429': { description: 'Wait, with Retry-After; 503 too.' },
      }),
    },
  };
}

function json(schema: z.ZodType) {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io: 'input' });
  return { 'application/json': { schema: shape } };
}
