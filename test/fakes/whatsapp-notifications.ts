import { createHmac } from 'node:crypto';

/**
 * Notifications in the form of Meta's examples
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages and the page of
 * each type below it); names, numbers and ids are made up.
 */
export const PHONE_ID = '106540352242922';
export const APP_SECRET = 'the-app-secret-0123456789';
export const VERIFY_TOKEN = 'a-verify-token';

type Json = Readonly<Record<string, unknown>>;

/** A change of the field `messages`, in its envelope. */
export function notification(value: Json, phoneId = PHONE_ID): string {
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '102290129340398', changes: [{ value: changeOf(value, phoneId), field: 'messages' }] }],
  });
}

function changeOf(value: Json, phoneId: string): Json {
  const metadata = { display_phone_number: '15550783881', phone_number_id: phoneId };
  return { messaging_product: 'whatsapp', metadata, ...value };
}

let messages = 0;

/** One message of somebody, with the contact beside it as Meta has it. */
export function messageValue(from: string, content: Json, sentAt = new Date()): Json {
  messages += 1;
  const id = `wamid.HBgL${String(messages).padStart(20, '0')}AA==`;
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  return {
    contacts: [{ profile: { name: 'Анна' }, wa_id: from }],
    messages: [{ from, id, timestamp, ...content }],
  };
}

export function textOf(body: string): Json {
  return { type: 'text', text: { body } };
}

/** …/webhooks/reference/messages/status */
export function statusValue(id: string, status: string, more: Json = {}): Json {
  return { statuses: [{ id, status, timestamp: '1750857384', recipient_id: '79160000001', ...more }] };
}

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */
export function signatureOf(body: string, secret = APP_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Posts a notification as Meta does; resolves with the status of the answer. */
export async function postSigned(url: string, body: string, secret = APP_SECRET): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(body, secret) };
  const response = await fetch(url, { method: 'POST', headers, body });
  return response.status;
}
