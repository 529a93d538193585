import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  choicesOf,
  filled,
  placesOf,
  type TemplatePlace,
} from '../../../gateway/connectors/message-template.ts';
import { Dialog } from '../../../gateway/web/dialog.tsx';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationView } from '../../api.ts';
import { useDesk } from '../desk-context.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './composer.module.css';

type Template = NonNullable<ConversationView['templates']>[number];

export interface TemplateDialogProps {
  readonly conversation: string;
  /** At least one. */
  readonly templates: readonly Template[];
  readonly onClose: () => void;
}

const keyOf = ({ name, language }: Template) => `${name} ${language}`;

/** What stands in the preview as long as nothing was given. */
const placeholder = (place: TemplatePlace | undefined) =>
  place?.in === 'text' ? `{{${place.number}}}` : '…';

/** Chooses an approved template, fills it in and sends it; it closes once the hub has it, and says why where it has not. */
export function TemplateDialog({ conversation, templates, onClose }: TemplateDialogProps) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const { client } = useDesk();
  const [key, setKey] = useState(templates[0] && keyOf(templates[0]));
  const [given, setGiven] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<unknown>();
  const [isPending, setPending] = useState(false);
  // The same press, sent again after a lost answer, counts once.
  const [id] = useState(() => client.newId());
  const template = templates.find((one) => keyOf(one) === key);
  const places = template ? placesOf(template) : [];
  const parameters = places.map((_, index) => given[index] ?? '');
  const shown = parameters.map((one, index) => one.trim() || placeholder(places[index]));
  const labelOf = (place: TemplatePlace): string => {
    if (place.in === 'text') return texts.t('template.parameter', { number: place.number });
    if (place.in === 'button') {
      const button = template?.buttons?.[place.button]?.text ?? '';
      return texts.t('template.parameter.button', { button });
    }
    return texts.t(`template.parameter.${place.in === 'file' ? place.file : 'header'}`);
  };
  const isWhole = template !== undefined && parameters.every((one) => one.trim() !== '');
  const send = () => {
    if (!template) return;
    const { name, language } = template;
    setFailure(undefined);
    setPending(true);
    client.api
      .sayByTemplate(conversation, id, { name, language, parameters })
      .then(onClose, (error: unknown) => {
        setPending(false);
        setFailure(error);
      });
  };
  return (
    <Dialog
      title={texts.t('template.title')}
      onClose={onClose}
      footer={
        <>
          <Button variant="default" onClick={onClose}>
            {texts.t('template.cancel')}
          </Button>
          <Button disabled={!isWhole || isPending} onClick={send}>
            {texts.t('template.send')}
          </Button>
        </>
      }
    >
      <div className={styles.template}>
        <Select
          data-autofocus
          label={texts.t('template.which')}
          data={templates.map((one) => ({ value: keyOf(one), label: `${one.name} (${one.language})` }))}
          value={key ?? null}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          onChange={(value) => {
            setKey(value ?? undefined);
            setGiven([]);
          }}
        />
        {places.map((place, index) => (
          <TextInput
            // biome-ignore lint/suspicious/noArrayIndexKey: a parameter is its number
            key={`${key}-${index}`}
            label={labelOf(place)}
            value={parameters[index] ?? ''}
            maxLength={1024}
            onChange={({ currentTarget: { value: typed } }) =>
              setGiven(parameters.map((one, at) => (at === index ? typed : one)))
            }
          />
        ))}
        {template && (
          <figure className={styles.templateText}>
            <figcaption>{texts.t('template.preview')}</figcaption>
            <p dir="auto">{filled(template, shown)}</p>
            {template.buttons && (
              <ul aria-label={texts.t('template.buttons')}>
                {choicesOf(template, shown).map((choice) => (
                  <li key={choice.id} dir="auto">
                    {choice.text}
                    {choice.kind === 'link' && ` — ${choice.url}`}
                  </li>
                ))}
              </ul>
            )}
          </figure>
        )}
        {failure !== undefined && (
          <p role="alert" className={styles.templateFailed}>
            {texts.t('template.failed')} {problemText(failure, kit)}
          </p>
        )}
      </div>
    </Dialog>
  );
}
