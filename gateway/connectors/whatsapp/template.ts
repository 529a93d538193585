import { type MessageTemplate, placesOf, type TemplatePlace } from '../message-template.ts';

type Component = Readonly<Record<string, unknown>>;
type Filled = TemplatePlace & { readonly value: string };

/**
 * The `template` of a message
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/utility-templates/utility-templates#send-a-utility-template):
 * a component for each part that has parameters. `parameters` fill the template.
 */
export function renderTemplate(template: MessageTemplate, parameters: readonly string[]): Component {
  const filled = placesOf(template).map((place, index) => ({ ...place, value: parameters[index] ?? '' }));
  const components = [
    ...ofPart(
      'header',
      filled.filter((one) => one.in === 'header' || one.in === 'file'),
    ),
    ...ofPart(
      'body',
      filled.filter((one) => one.in === 'text'),
    ),
    ...buttonsOf(template, filled),
  ];
  const { name, language } = template;
  return { name, language: { code: language }, ...(components.length > 0 && { components }) };
}

function ofPart(type: 'header' | 'body', filled: readonly Filled[]): readonly Component[] {
  return filled.length > 0 ? [{ type, parameters: filled.map(parameterOf) }] : [];
}

function parameterOf(place: Filled): Component {
  if (place.in !== 'file') return { type: 'text', text: inOneLine(place.value) };
  const link = place.value.trim();
  const filename = place.file === 'document' ? nameIn(link) : '';
  return { type: place.file, [place.file]: { link, ...(filename !== '' && { filename }) } };
}

/** "Param text cannot have new-line/tab characters or more than 4 consecutive spaces" (what Meta answers else). */
function inOneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** Without a name WhatsApp shows a document as one without a title. */
function nameIn(link: string): string {
  const [last = ''] = new URL(link).pathname.split('/').slice(-1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** By their place among all buttons: addresses that have an end of their own, and what comes back of an answer. */
function buttonsOf({ buttons = [] }: MessageTemplate, filled: readonly Filled[]): readonly Component[] {
  return buttons.flatMap((button, at): readonly Component[] => {
    const index = String(at);
    if ('answer' in button) {
      const parameters = [{ type: 'payload', payload: button.answer }];
      return [{ type: 'button', sub_type: 'quick_reply', index, parameters }];
    }
    const end = filled.find((one) => one.in === 'button' && one.button === at);
    if (!end) return [];
    return [
      { type: 'button', sub_type: 'url', index, parameters: [{ type: 'text', text: end.value.trim() }] },
    ];
  });
}
