import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ABILITIES,
  type Capabilities,
  SENT_KINDS,
  type Support,
} from '../../gateway/connectors/capabilities.ts';
import type { ConnectorDefinition } from '../../gateway/connectors/connector.ts';
import { networks } from '../../gateway/connectors/index.ts';
import type { ButtonKind } from '../../gateway/model/content.ts';
import { CHANGES, FAILURES, WITHOUT_SUITE } from './failures.ts';
import { type Result, type Results, readResults } from './results.ts';

export const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'channels.md');

const BUTTONS = [
  ['link', 'opens an address'],
  ['contact', 'asks for the phone number'],
  ['location', 'asks for the place'],
] as const satisfies readonly (readonly [ButtonKind, string])[];
const BUTTON_MARKS = { beside: '●', alone: '◐', words: '○' } as const;

const MARKS: Readonly<Record<Support, string>> = { native: '●', fallback: '○', none: '—' };

export function writeChannelsPage(): void {
  writeFileSync(PAGE, channelsPage(networks, readResults()));
}

/** The text of docs/channels.md: what each network carries, from its capabilities, and what it stood in the suite. */
export function channelsPage(
  networks: readonly Pick<ConnectorDefinition, 'name' | 'capabilities'>[],
  results: Results,
): string {
  const names = networks.map(({ name }) => name);
  const row = (title: string, of: (capabilities: Capabilities) => string) =>
    `| ${title} | ${networks.map(({ capabilities }) => of(capabilities)).join(' | ')} |`;
  const table = (rows: readonly string[]) =>
    [`| | ${names.join(' | ')} |`, `|---|${names.map(() => '---').join('|')}|`, ...rows].join('\n');
  return `# Channels

Made from the code by \`OKNO_UPDATE_DOCS=1 npx vitest run test/conformance/channels-page.test.ts\`, the failures by \`npm run conformance\`; a test fails while it is stale.

● the network has it · ○ it becomes readable text, with a link where there is a file · — it cannot be said there

## Content

${table(SENT_KINDS.map((kind) => row(kind, ({ content }) => MARKS[content[kind]])))}

Choices without buttons are a numbered list; the client answers with the number or the label. A file that is too large for the network, or of a type that it does not take, goes out as a plain file, else as a link.

## Buttons

What a button can do, where there are buttons. ● also beside others · ◐ only as the only button of its message · ○ said in words: a link with its address, a request as what to write. Shown for each network by [the suite of buttons](../test/conformance/buttons.test.ts).

${table([
  row('answer', ({ content }) => MARKS[content.choices]),
  ...BUTTONS.map(([kind, title]) => row(title, ({ buttons }) => BUTTON_MARKS[buttons?.[kind] ?? 'words'])),
])}

A button that asks for something and can only stand alone takes the place of the others, which become a numbered list; a link takes nobody's place. The network writes itself on the button that asks for the place in vk and whatsapp. In the chat on the page the one for the number puts the cursor where it is written.

## Abilities

${table(ABILITIES.map((ability) => row(ability, ({ abilities }) => MARKS[abilities[ability]])))}

VK tells of reactions and takes them by numbers, and no documentation says which emoji a number is: only the token of a person, and none of a community, may ask ([vk.md](vk.md)). Slack tells who reacted to which message, and not in which thread it stands, in channels also of people who are no clients of ours: a reaction counts where the message is of that person's own exchange with us; all others change nothing and are counted in \`okno_inbound_total\` as \`not-theirs\` ([0054](decisions/0054-reactions-find-their-thread.md)).

## Limits

${table([
  row(
    'longest text of one message',
    ({ limits }) => `${limits.maxText} ${limits.unit === 'utf16' ? 'characters' : limits.unit}`,
  ),
  row('buttons', ({ content, limits }) => (content.choices === 'native' ? String(limits.maxChoices) : '—')),
  row('longest caption', ({ limits }) => (limits.media ? String(limits.media.maxCaption) : '—')),
  row('largest image', ({ limits }) => megabytes(limits.media?.maxBytes.image)),
  row('largest file', ({ limits }) => megabytes(limits.media?.maxBytes.file)),
  row('files of one album', ({ limits }) => (limits.media ? String(limits.media.albumSize) : '—')),
  row(
    'messages per second, channel / chat',
    ({ limits }) => `${limits.perSecond} / ${limits.perThreadPerSecond}`,
  ),
  row('reply window', ({ replyWindowMs }) =>
    replyWindowMs === undefined ? '—' : `${replyWindowMs / 3_600_000} h`,
  ),
  row('servers under the law of', ({ jurisdiction }) => jurisdiction),
  row('most secret data allowed', ({ dataClass }) => dataClass),
])}

## Requests out of their time

| | a request of long ago, or of the future |
|---|---|
| slack, webhook | signed with its time: refused with 401 beyond five minutes, counted in \`okno_webhooks_refused_total\` |
| whatsapp, max, vk | holds the time of its message and may honestly be late: beyond the days for which ids are remembered it is kept apart in the quarantine, answered 200, counted in \`okno_inbound_total\` as \`stale\` or \`future-dated\` |
| telegram, twilio, kannel, voice | no time that the secret covers: only its id tells that it came before |
| smpp, email | no webhooks |

Why it is so for each: [0039](decisions/0039-mistimed-messages-are-kept-apart.md).

${suitesTables(results)}
`;
}

/** A column a suite: a network by webhook and by polling has two. */
function suitesTables(results: Results): string {
  const suites = Object.values(results).flatMap((suites) => Object.entries(suites));
  const columns: readonly (readonly [string, (title: string) => Result | undefined])[] = [
    ...suites.map(([name, cases]) => [name, (title: string) => cases[title]] as const),
    ...Object.entries(WITHOUT_SUITE).map(([name, leftOut]) => [name, () => ({ leftOut })] as const),
  ];
  const reasons: string[] = [];
  const cell = (result: Result | undefined): string => {
    if (!result) return '?';
    if ('refused' in result) return '○';
    if (!('leftOut' in result)) return result.upTo === undefined ? '●' : `● ${result.upTo}`;
    if (!reasons.includes(result.leftOut)) reasons.push(result.leftOut);
    return `— ${reasons.indexOf(result.leftOut) + 1}`;
  };
  const table = (titles: Readonly<Record<string, string>>) =>
    [
      `| | ${columns.map(([name]) => name).join(' | ')} |`,
      `|---|${columns.map(() => '---').join('|')}|`,
      ...Object.entries(titles).map(
        ([words, title]) =>
          `| ${words} | ${columns.map(([, resultOf]) => cell(resultOf(title))).join(' | ')} |`,
      ),
    ].join('\n');
  const failures = table(FAILURES);
  const changes = table(CHANGES);
  return `## Failures

What each connector stood in the [conformance suite](../test/conformance/suite.ts), against a network that fails so. Made by \`npm run conformance\`, which runs it; a test fails where the tables name other connectors or cases than the suite has, or say of one that it takes no part and it does.

● nothing was lost, doubled or put out of order, and what may have arrived twice is recorded so; a number: with so many characters, the longest that can be written there · — it takes no part:

${reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')}

${failures}

## Changes by operators

What the same suite showed of the buttons beside a message at the desk ([0037](decisions/0037-revisions-go-out-like-messages.md)).

● the network was asked once for each change, by its own id of the right message, in the order in which they were made, each attempt marked before · ○ the network has no such thing: the desk refuses it and says what to do, and nothing is sent · — as above

${changes}`;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '—' : `${bytes / 1024 / 1024} MB`;
}
