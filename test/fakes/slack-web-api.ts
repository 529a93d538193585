import { z } from 'zod';

/** A message as a channel of the fake holds it. */
export interface SlackPost {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly from: 'bot' | string;
  text: string;
  readonly blocks?: readonly unknown[];
  readonly files: readonly string[];
  /** In the order in which they were put there. */
  readonly reactions: SlackReaction[];
  deleted: boolean;
}

export interface SlackReaction {
  readonly name: string;
  readonly user: string;
}

/** A file that was uploaded or shared. */
export interface SlackStoredFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  bytes: Uint8Array;
  shared: boolean;
}

export interface SlackState {
  readonly posts: SlackPost[];
  readonly files: Map<string, SlackStoredFile>;
  readonly users: Map<string, { readonly email: string; readonly name: string }>;
  /** What only one person saw. */
  readonly whispers: { readonly user: string; readonly text: string }[];
  /** Channels that the bot cannot write to any more, with Slack's word for why. */
  readonly shut: Map<string, string>;
  nextTs(): string;
  readonly url: string;
}

/** Who the bot is among people. */
const BOT_USER = 'UBOT';

export type SlackAnswer = { readonly ok: boolean } & Readonly<Record<string, unknown>>;
type Method = (parameters: Readonly<Record<string, unknown>>, state: SlackState) => SlackAnswer;

const refuse = (error: string): SlackAnswer => ({ ok: false, error });

/** Arguments come as a form; what is no plain value in it is JSON (https://docs.slack.dev/apis/web-api/#methods_supporting_json). */
const json = z.preprocess((value) => (typeof value === 'string' ? JSON.parse(value) : value), z.unknown());

const postArguments = z.object({
  channel: z.string(),
  text: z.string().optional(),
  blocks: json.optional(),
  thread_ts: z.string().optional(),
});

/** https://docs.slack.dev/reference/methods/chat.postMessage */
const postMessage: Method = (parameters, state) => {
  const given = postArguments.safeParse(parameters);
  if (!given.success) return refuse('invalid_arguments');
  const { channel, text = '', blocks, thread_ts } = given.data;
  const why = state.shut.get(channel);
  if (why) return refuse(why);
  if (!text && !blocks) return refuse('no_text');
  // "msg_too_long": "Message text is too long"; truncated beyond 40 000 characters (#truncating).
  if (text.length > 40_000) return refuse('msg_too_long');
  if (Array.isArray(blocks) && !blocks.every(isBlock)) return refuse('invalid_blocks');
  const ts = state.nextTs();
  const post: SlackPost = {
    channel,
    ts,
    ...(thread_ts && { threadTs: thread_ts }),
    from: 'bot',
    text,
    ...(Array.isArray(blocks) && { blocks }),
    files: [],
    reactions: [],
    deleted: false,
  };
  state.posts.push(post);
  return { ok: true, channel, ts, message: { type: 'message', text, ts } };
};

/** Limits of https://docs.slack.dev/reference/block-kit: a section's text 3 000, 25 elements, a button's text 75 characters. */
const block = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('section'),
    text: z.looseObject({ type: z.string(), text: z.string().min(1).max(3000) }),
  }),
  z.looseObject({
    type: z.literal('actions'),
    elements: z
      .array(
        z.looseObject({
          type: z.literal('button'),
          action_id: z.string().min(1).max(255),
          value: z.string().max(2000).optional(),
          url: z.url().max(3000).optional(),
          text: z.looseObject({ type: z.literal('plain_text'), text: z.string().min(1).max(75) }),
        }),
      )
      .min(1)
      .max(25)
      .refine((elements) => new Set(elements.map(({ action_id }) => action_id)).size === elements.length),
  }),
  z.looseObject({ type: z.literal('context'), elements: z.array(z.unknown()).min(1).max(10) }),
  z.looseObject({
    type: z.literal('header'),
    text: z.looseObject({ type: z.literal('plain_text'), text: z.string().min(1).max(150) }),
  }),
]);
const isBlock = (value: unknown): boolean => block.safeParse(value).success;

function findPost(parameters: Readonly<Record<string, unknown>>, state: SlackState, key: 'ts' | 'timestamp') {
  return state.posts.find(
    ({ channel, ts, deleted }) => channel === parameters.channel && ts === parameters[key] && !deleted,
  );
}

/** https://docs.slack.dev/reference/methods/chat.postEphemeral */
const whisper: Method = ({ user, text }, state) => {
  if (!user) return refuse('user_not_in_channel');
  state.whispers.push({ user: String(user), text: String(text) });
  return { ok: true, message_ts: state.nextTs() };
};

/** https://docs.slack.dev/reference/methods/chat.update */
const update: Method = (parameters, state) => {
  const post = findPost(parameters, state, 'ts');
  if (!post) return refuse('message_not_found');
  if (post.from !== 'bot') return refuse('cant_update_message');
  post.text = String(parameters.text ?? post.text);
  Object.assign(post, {
    blocks: parameters.blocks === undefined ? undefined : json.parse(parameters.blocks),
  });
  return { ok: true, channel: post.channel, ts: post.ts, text: post.text };
};

/** https://docs.slack.dev/reference/methods/chat.delete */
const remove: Method = (parameters, state) => {
  const post = findPost(parameters, state, 'ts');
  if (!post) return refuse('message_not_found');
  if (post.from !== 'bot') return refuse('cant_delete_message');
  post.deleted = true;
  return { ok: true, channel: post.channel, ts: post.ts };
};

/** https://docs.slack.dev/reference/methods/reactions.add */
const react: Method = (parameters, state) => {
  const post = findPost(parameters, state, 'timestamp');
  if (!post) return refuse('message_not_found');
  const name = String(parameters.name);
  if (ownReaction(post, name) >= 0) return refuse('already_reacted');
  post.reactions.push({ name, user: BOT_USER });
  return { ok: true };
};

const ownReaction = ({ reactions }: SlackPost, name: string) =>
  reactions.findIndex((one) => one.name === name && one.user === BOT_USER);

/** https://docs.slack.dev/reference/methods/reactions.remove */
const unreact: Method = (parameters, state) => {
  const post = findPost(parameters, state, 'timestamp');
  if (!post) return refuse('message_not_found');
  const at = ownReaction(post, String(parameters.name));
  if (at < 0) return refuse('no_reaction');
  post.reactions.splice(at, 1);
  return { ok: true };
};

/** https://docs.slack.dev/reference/methods/reactions.get */
const reactionsOf: Method = (parameters, state) => {
  const post = findPost(parameters, state, 'timestamp');
  if (!post) return refuse('message_not_found');
  const names = [...new Set(post.reactions.map(({ name }) => name))];
  const reactions = names.map((name) => {
    const users = post.reactions.flatMap((one) => (one.name === name ? [one.user] : []));
    return { name, users, count: users.length };
  });
  const { ts, text, channel } = post;
  return {
    ok: true,
    type: 'message',
    channel,
    message: { ts, text, ...(names.length > 0 && { reactions }) },
  };
};

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal */
const uploadUrl: Method = (parameters, state) => {
  const length = Number(parameters.length);
  if (!parameters.filename || !(length > 0)) return refuse('invalid_arguments');
  const id = `F${state.files.size + 1}`;
  const name = String(parameters.filename);
  state.files.set(id, { id, name, type: '', bytes: new Uint8Array(), shared: false });
  return { ok: true, upload_url: `${state.url}/upload/${id}`, file_id: id };
};

const completed = z.object({
  files: z.preprocess(
    (value) => (typeof value === 'string' ? JSON.parse(value) : value),
    z.array(z.looseObject({ id: z.string() })).min(1),
  ),
  channel_id: z.string().optional(),
  thread_ts: z.string().optional(),
  initial_comment: z.string().optional(),
});

/** https://docs.slack.dev/reference/methods/files.completeUploadExternal */
const completeUpload: Method = (parameters, state) => {
  const given = completed.safeParse(parameters);
  if (!given.success) return refuse('invalid_arguments');
  const { files, channel_id: channel, thread_ts, initial_comment: text = '' } = given.data;
  const known = files.map(({ id }) => state.files.get(id));
  if (known.some((file) => !file || file.bytes.length === 0 || file.shared)) return refuse('file_not_found');
  if (!channel) return refuse('channel_not_found');
  for (const file of known) if (file) file.shared = true;
  const ids = files.map(({ id }) => id);
  const ts = state.nextTs();
  state.posts.push({
    channel,
    ts,
    ...(thread_ts && { threadTs: thread_ts }),
    from: 'bot',
    text,
    files: ids,
    reactions: [],
    deleted: false,
  });
  return { ok: true, files: ids.map((id) => ({ id })) };
};

/** https://docs.slack.dev/reference/methods/files.info */
const fileInfo: Method = (parameters, state) => {
  const file = state.files.get(String(parameters.file));
  if (!file) return refuse('file_not_found');
  const { id, name, type, bytes } = file;
  const shown = state.posts.filter(({ from, files }) => from === 'bot' && files.includes(id));
  const address = `${state.url}/files-pri/${id}/${encodeURIComponent(name)}`;
  return {
    ok: true,
    file: {
      id,
      name,
      mimetype: type,
      size: bytes.length,
      url_private: address,
      url_private_download: address,
      // https://docs.slack.dev/reference/objects/file-object: where it was shared, by channel.
      shares: { private: Object.fromEntries(shown.map(({ channel, ts }) => [channel, [{ ts }]])) },
    },
  };
};

/** https://docs.slack.dev/reference/methods/users.info */
const userInfo: Method = (parameters, state) => {
  const id = String(parameters.user);
  const user = state.users.get(id);
  if (!user) return refuse('user_not_found');
  return {
    ok: true,
    user: { id, real_name: user.name, profile: { email: user.email, real_name: user.name } },
  };
};

/** https://docs.slack.dev/reference/methods/auth.test */
const authTest: Method = (_parameters, { url }) => ({
  ok: true,
  url,
  team: 'Fake bank',
  user: 'bank_bot',
  team_id: 'T1',
  user_id: BOT_USER,
  bot_id: 'BBOT',
});

export const METHODS: Readonly<Record<string, Method | undefined>> = {
  'auth.test': authTest,
  'chat.postMessage': postMessage,
  'chat.postEphemeral': whisper,
  'chat.update': update,
  'chat.delete': remove,
  'reactions.add': react,
  'reactions.get': reactionsOf,
  'reactions.remove': unreact,
  'files.getUploadURLExternal': uploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.info': fileInfo,
  'users.info': userInfo,
};
