import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerSlackFaultily, type SlackFault, SlackFaultRules } from './slack-faults.ts';
import { METHODS, type SlackPost, type SlackState } from './slack-web-api.ts';

export const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
export const BOT_TOKEN = 'xoxb-fake-1-abc';

/** A workspace with one app: the Web API that we call, and people whose doings are told to our address. */
export interface FakeSlack extends SlackState {
  /** For `SLACK_API_URL`. */
  readonly apiUrl: string;
  readonly requests: readonly {
    readonly method: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  }[];
  /** Where events and presses go from now on. */
  tell(webhook: string): void;
  fault(rule: { method: string; channel?: string; fault: SlackFault }): void;
  /** A person writes; resolves with how the hub answered. */
  say(user: string, channel: string, text: string, more?: SayMore): Promise<Told>;
  edit(post: SlackPost, text: string): Promise<Told>;
  erase(post: SlackPost): Promise<Told>;
  reactTo(user: string, post: SlackPost, emoji: string): Promise<Told>;
  takeBack(user: string, post: SlackPost, emoji: string): Promise<Told>;
  /** Presses the newest button with this label or value in a channel. */
  press(user: string, channel: string, button: string): Promise<Told>;
  /** An event of any shape, signed. */
  event(event: Readonly<Record<string, unknown>>, id?: string): Promise<Told>;
  /** Tells something again, as Slack does three times where it was not answered within three seconds. */
  again(told: Told): Promise<Told>;
  /** What the bot posted in a channel (and thread), in order. */
  heardIn(channel: string, threadTs?: string): readonly string[];
  hears(channel: string, count: number, threadTs?: string): Promise<readonly string[]>;
  until(condition: () => boolean, what: string): Promise<void>;
  stop(): Promise<void>;
}

export interface SayMore {
  readonly threadTs?: string;
  readonly files?: readonly { name: string; type: string; bytes: Uint8Array }[];
  readonly asMention?: boolean;
}

/** What was told, and how it was answered. */
export interface Told {
  readonly status: number;
  readonly body: string;
  readonly sent: { readonly body: string; readonly type: string };
  readonly post?: SlackPost;
}

const LIMIT_MS = 60_000;

/** The signature of a request: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signed(
  body: string | Uint8Array,
  seconds = Math.floor(Date.now() / 1000),
  secret = SIGNING_SECRET,
) {
  const hash = createHmac('sha256', secret).update(`v0:${seconds}:`).update(body).digest('hex');
  return { 'x-slack-request-timestamp': String(seconds), 'x-slack-signature': `v0=${hash}` };
}

export async function startFakeSlack(): Promise<FakeSlack> {
  const requests: { method: string; parameters: Record<string, unknown> }[] = [];
  const rules = new SlackFaultRules();
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const look of [...waiting]) look();
  };
  let webhook = '';
  let counter = 0;
  let url = '';
  const state: SlackState = {
    posts: [],
    files: new Map(),
    users: new Map(),
    whispers: [],
    shut: new Map(),
    nextTs: () => `1700000000.${String(++counter).padStart(6, '0')}`,
    get url() {
      return url;
    },
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const [, first = '', id = ''] = (request.url ?? '').split('/');
    if (first === 'upload') return upload(id, body, response);
    // "Authorization: Bearer xoxb-…" is needed to read a private file (https://docs.slack.dev/reference/objects/file-object).
    if (first === 'files-pri') return download(id, request.headers.authorization, response);
    const method = id.split('?')[0] ?? '';
    const parameters = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
    requests.push({ method, parameters });
    const process = () => {
      const answer =
        request.headers.authorization === `Bearer ${BOT_TOKEN}`
          ? (METHODS[method]?.(parameters, state) ?? { ok: false, error: 'unknown_method' })
          : { ok: false, error: 'invalid_auth' };
      changed();
      return answer;
    };
    const fault = rules.take(method, String(parameters.channel ?? ''));
    if (fault) return answerSlackFaultily(fault, process, request, response);
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(process()));
  }

  function upload(id: string, body: Buffer, response: ServerResponse): void {
    const file = state.files.get(id);
    if (file) file.bytes = body;
    response.writeHead(file ? 200 : 404).end(file ? `OK - ${body.length}` : '');
  }

  function download(id: string, authorization: string | undefined, response: ServerResponse): void {
    const file = state.files.get(id);
    if (!file || authorization !== `Bearer ${BOT_TOKEN}`) {
      response.writeHead(file ? 403 : 404).end();
      return;
    }
    response.writeHead(200, { 'content-type': file.type || 'application/octet-stream' }).end(file.bytes);
  }

  async function tell(body: string, type: string, post?: SlackPost): Promise<Told> {
    const answer = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': type, ...signed(body) },
      body,
    });
    return { status: answer.status, body: await answer.text(), sent: { body, type }, ...(post && { post }) };
  }

  async function event(inner: Readonly<Record<string, unknown>>, id = `Ev${++counter}`, post?: SlackPost) {
    const outer = { token: 'old', team_id: 'T1', api_app_id: 'A1', type: 'event_callback', event_id: id };
    return tell(
      JSON.stringify({ ...outer, event_time: 1_700_000_000, event: inner }),
      'application/json',
      post,
    );
  }

  /** Slack escapes what people type (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const typeOf = (channel: string) => (channel.startsWith('D') ? 'im' : 'channel');
  const eventOf = ({ channel, ts, threadTs, from, text, files }: SlackPost) => ({
    type: 'message',
    channel,
    channel_type: typeOf(channel),
    user: from,
    text: escaped(text),
    ts,
    ...(threadTs && { thread_ts: threadTs }),
    ...(files.length > 0 && {
      subtype: 'file_share',
      files: files.map((id) => {
        const { name = '', type = '', bytes } = state.files.get(id) ?? {};
        return { id, name, mimetype: type, size: bytes?.length ?? 0 };
      }),
    }),
  });

  /** Names the message and no thread: https://docs.slack.dev/reference/events/reaction_added */
  const reactionOf = (type: string, user: string, { channel, ts, from }: SlackPost, reaction: string) => ({
    type,
    user,
    reaction,
    item_user: from,
    item: { type: 'message', channel, ts },
    event_ts: state.nextTs(),
  });

  const fake: FakeSlack = {
    ...state,
    url,
    apiUrl: `${url}/api/`,
    requests,
    tell: (address) => {
      webhook = address;
    },
    fault: (rule) => rules.add(rule),
    say(user, channel, text, { threadTs, files = [], asMention } = {}) {
      const ids = files.map((file) => {
        const id = `F${state.files.size + 1}`;
        state.files.set(id, { id, ...file, shared: true });
        return id;
      });
      const ts = state.nextTs();
      const post: SlackPost = {
        channel,
        ts,
        ...(threadTs && { threadTs }),
        from: user,
        text,
        files: ids,
        reactions: [],
        deleted: false,
      };
      state.posts.push(post);
      const said = eventOf(post);
      return event(
        asMention ? { ...said, type: 'app_mention', text: `<@UBOT> ${said.text}` } : said,
        undefined,
        post,
      );
    },
    edit(post, text) {
      post.text = text;
      const message = { ...eventOf(post), edited: { user: post.from, ts: state.nextTs() } };
      return event({
        type: 'message',
        subtype: 'message_changed',
        channel: post.channel,
        channel_type: typeOf(post.channel),
        ts: state.nextTs(),
        message,
      });
    },
    erase(post) {
      post.deleted = true;
      return event({
        type: 'message',
        subtype: 'message_deleted',
        channel: post.channel,
        channel_type: typeOf(post.channel),
        ts: state.nextTs(),
        deleted_ts: post.ts,
        previous_message: eventOf(post),
      });
    },
    reactTo(user, post, emoji) {
      post.reactions.push({ name: emoji, user });
      return event(reactionOf('reaction_added', user, post, emoji));
    },
    takeBack(user, post, emoji) {
      post.reactions.splice(
        post.reactions.findIndex((one) => one.name === emoji && one.user === user),
        1,
      );
      return event(reactionOf('reaction_removed', user, post, emoji));
    },
    press(user, channel, button) {
      const { post, element } = findButton(state.posts, channel, button);
      const payload = {
        type: 'block_actions',
        team: { id: 'T1' },
        user: { id: user, username: `name-of-${user}`, team_id: 'T1' },
        channel: { id: channel, name: 'x' },
        container: {
          type: 'message',
          message_ts: post.ts,
          channel_id: channel,
          ...(post.threadTs && { thread_ts: post.threadTs }),
        },
        message: { ts: post.ts, ...(post.threadTs && { thread_ts: post.threadTs }) },
        actions: [{ ...element, action_ts: state.nextTs() }],
        response_url: `${url}/response`,
        trigger_id: '1.2.3',
      };
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      return tell(body, 'application/x-www-form-urlencoded');
    },
    event: (inner, id) => event(inner, id),
    again: ({ sent, post }) => tell(sent.body, sent.type, post),
    heardIn: (channel, threadTs) =>
      state.posts
        .filter((post) => post.from === 'bot' && post.channel === channel && !post.deleted)
        .filter((post) => threadTs === undefined || post.threadTs === threadTs)
        .map(({ text }) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')),
    async hears(channel, count, threadTs) {
      await fake.until(() => fake.heardIn(channel, threadTs).length >= count, `${count} answers`);
      return fake.heardIn(channel, threadTs);
    },
    until: (condition, what) =>
      new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          waiting.delete(look);
        };
        const look = () => {
          if (!condition()) return;
          end();
          resolve();
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error(`no ${what} within ${LIMIT_MS} ms`));
        }, LIMIT_MS);
        waiting.add(look);
        look();
      }),
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return fake;
}

interface Button {
  readonly action_id: string;
  readonly value?: string;
  readonly text: { readonly text: string };
}

function findButton(posts: readonly SlackPost[], channel: string, button: string) {
  for (const post of posts.filter((one) => one.channel === channel && !one.deleted).reverse()) {
    for (const block of post.blocks ?? []) {
      const { elements = [] } = block as { elements?: Button[] };
      const element = elements.find(({ value, text }) => value === button || text?.text === button);
      if (element) return { post, element };
    }
  }
  throw new Error(`no button "${button}" in ${channel}`);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
