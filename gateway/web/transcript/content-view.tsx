import { IconExternalLink, IconHandFinger, IconMapPin, IconPaperclip, IconUser } from '@tabler/icons-react';
import { mapLink } from '../../map-link.ts';
import { type Choice, type Content, isMedia } from '../../model/content.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { MediaView } from './media-view.tsx';
import { MessageText } from './message-text.tsx';
import styles from './transcript.module.css';

/** One part of a message. */
export function ContentView({ part }: { readonly part: Content }) {
  const texts = useTexts(kitTexts);
  if (isMedia(part)) return <MediaView part={part} />;
  switch (part.kind) {
    case 'text':
      return <MessageText text={part.text} />;
    case 'choices':
      return <Choices choices={part.choices} />;
    case 'choice':
      return (
        <span className={styles.choice}>
          <IconHandFinger size={14} aria-hidden />
          <span className="unseen">{texts.t('transcript.choice')}</span>
          <MessageText text={part.text ?? part.id} />
        </span>
      );
    case 'card':
      return (
        <div className={styles.card}>
          {part.image && <MediaView part={{ kind: 'image', media: part.image }} />}
          <b>
            <MessageText text={part.title} />
          </b>
          {part.text !== undefined && <MessageText text={part.text} />}
          {part.url !== undefined && <MessageText text={part.url} />}
          {part.choices && <Choices choices={part.choices} />}
        </div>
      );
    case 'location':
      return <Place part={part} />;
    case 'contact':
      return (
        <span className={styles.choice}>
          <IconUser size={14} aria-hidden />
          <MessageText text={part.phone === undefined ? part.name : `${part.name}, ${part.phone}`} />
          {part.ownNumber && <span className={styles.quiet}> · {texts.t('content.ownNumber')}</span>}
        </span>
      );
    case 'unsupported':
      return (
        <span className={styles.quiet}>
          <IconPaperclip size={14} aria-hidden /> {texts.t('transcript.unsupported', { what: part.what })}
        </span>
      );
  }
}

function Choices({ choices }: { readonly choices: readonly Choice[] }) {
  const texts = useTexts(kitTexts);
  return (
    <ul className={styles.choices} aria-label={texts.t('transcript.choices')}>
      {choices.map((choice) => (
        <li key={choice.id}>
          <ChoiceMark choice={choice} />
          <bdi>{choice.text}</bdi>
          {choice.kind === 'link' && <span className={styles.quiet}> · {choice.url}</span>}
        </li>
      ))}
    </ul>
  );
}

/** What the button does beside answering. */
function ChoiceMark({ choice }: { readonly choice: Choice }) {
  const texts = useTexts(kitTexts);
  if (choice.kind === undefined) return null;
  const Mark = { link: IconExternalLink, contact: IconUser, location: IconMapPin }[choice.kind];
  return (
    <>
      <Mark size={14} aria-hidden />
      <span className="unseen">{texts.t(`transcript.button.${choice.kind}`)} </span>
    </>
  );
}

/** A link and no map: a page of ours calls nobody else by itself. */
function Place({ part }: { readonly part: Extract<Content, { kind: 'location' }> }) {
  const texts = useTexts(kitTexts);
  const { latitude, longitude, title, address } = part;
  const where = [title, address].filter((line) => line !== undefined).join(', ');
  return (
    <span className={styles.choice}>
      <IconMapPin size={14} aria-hidden />
      <a href={mapLink(part)} target="_blank" rel="noreferrer">
        {where || texts.t('content.place', { latitude: String(latitude), longitude: String(longitude) })}
      </a>
    </span>
  );
}
