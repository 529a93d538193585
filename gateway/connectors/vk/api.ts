import { askOnce, type HttpAnswer } from '../http-answer.ts';

/** Calls one method of the API once, such as `messages.send` (https://dev.vk.com/ru/api/api-requests). */
export type VkApi = (
  method: string,
  parameters: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
) => Promise<HttpAnswer>;

/** Its schema is https://github.com/VKCOM/vk-api-schema; answers and events differ between versions. */
const VERSION = '5.199';

/**
 * The token goes in the header and nowhere else. Parameters are not sent as multipart, which VK proposes for long ones:
 * it would turn each line break of a text into two characters.
 */
export function createVkApi(
  { token, apiRoot }: { readonly token: string; readonly apiRoot: string },
  fetch: typeof globalThis.fetch,
): VkApi {
  return (method, parameters, signal) => {
    const body = new URLSearchParams({ v: VERSION });
    for (const [name, value] of Object.entries(parameters)) body.set(name, String(value));
    const headers = { authorization: `Bearer ${token}` };
    return askOnce(fetch, `${apiRoot}/method/${method}`, { method: 'POST', headers, body, signal });
  };
}
