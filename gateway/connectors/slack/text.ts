/** Slack's text: `&`, `<` and `>` are escaped, and `<…>` holds links and mentions (https://docs.slack.dev/messaging/formatting-message-text). */

/** A plain text as Slack takes it; what looks like a mention or a link stays what it is: letters. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The plain text that a person wrote: links as they stand in the message, mentions by the name that Slack gives. */
export function plainText(text: string): string {
  return text
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_whole, target: string, label?: string) => label || bare(target))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function bare(target: string): string {
  return target.replace(/^(?:mailto|tel):/, '').replace(/^!/, '@');
}

/** The text without the mention that it begins with: people call the bot by its name, and that is no part of what they want. */
export function withoutMention(text: string): string {
  return text.replace(/^\s*<@[A-Z0-9]+(?:\|[^<>]*)?>[\s,:]*/, '');
}
