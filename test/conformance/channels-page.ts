import {
  ABILITIES,
  type Capabilities,
  SENT_KINDS,
  type Support,
} from '../../gateway/connectors/capabilities.ts';
import type { ConnectorDefinition } from '../../gateway/connectors/connector.ts';

const MARKS: Readonly<Record<Support, string>> = { native: '●', fallback: '○', none: '—' };

/** The text of docs/channels.md: what each network carries, from its capabilities. */
export function channelsPage(
  networks: readonly Pick<ConnectorDefinition, 'name' | 'capabilities'>[],
): string {
  const names = networks.map(({ name }) => name);
  const row = (title: string, of: (capabilities: Capabilities) => string) =>
    `| ${title} | ${networks.map(({ capabilities }) => of(capabilities)).join(' | ')} |`;
  const table = (rows: readonly string[]) =>
    [`| | ${names.join(' | ')} |`, `|---|${names.map(() => '---').join('|')}|`, ...rows].join('\n');
  return `# Channels

Made from the code by \`OKNO_UPDATE_DOCS=1 npx vitest run test/conformance/channels-page.test.ts\`; a test fails while it is stale.

● the network has it · ○ it becomes readable text, with a link where there is a file · — it cannot be said there

## Content

${table(SENT_KINDS.map((kind) => row(kind, ({ content }) => MARKS[content[kind]])))}

Choices without buttons are a numbered list; the client answers with the number or the label. A file that is too large for the network, or of a type that it does not take, goes out as a plain file, else as a link.

## Abilities

${table(ABILITIES.map((ability) => row(ability, ({ abilities }) => MARKS[abilities[ability]])))}

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
`;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '—' : `${bytes / 1024 / 1024} MB`;
}
