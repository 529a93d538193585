import { IconFile, IconPaperclip, IconPhotoOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useContext } from 'react';
import { fileName } from '../../file-name.ts';
import type { LookedAt } from '../../media/api.ts';
import type { MediaContent } from '../../model/content.ts';
import { sizeText } from '../dates.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { MediaLookup } from './media-lookup.ts';
import { MessageText } from './message-text.tsx';
import styles from './transcript.module.css';

/** While a file is on its way it is asked for this often, milliseconds. */
const ASK_EVERY_MS = 2_000;
/** A link ends after a quarter of an hour. */
const LINK_IS_FRESH_MS = 10 * 60_000;

/** A file of a message: shown where it may be shown, else a download; before it has come, what is known of it. */
export function MediaView({ part }: { readonly part: MediaContent }) {
  const lookUp = useContext(MediaLookup);
  const found = useQuery({
    queryKey: ['media', part.media.id],
    queryFn: ({ signal }) => (lookUp ? lookUp(part.media.id, signal) : undefined),
    enabled: lookUp !== undefined,
    staleTime: LINK_IS_FRESH_MS,
    refetchInterval: ({ state: { data } }) => (data?.state === 'pending' ? ASK_EVERY_MS : LINK_IS_FRESH_MS),
  });
  return (
    <div className={styles.media}>
      <MediaBody part={part} found={found.data} />
      {part.caption !== undefined && <MessageText text={part.caption} />}
    </div>
  );
}

function MediaBody({ part, found }: { readonly part: MediaContent; readonly found: LookedAt | undefined }) {
  const texts = useTexts(kitTexts);
  const given = found?.name ?? part.name;
  const name =
    given === undefined ? texts.t(part.voice ? 'media.voice' : `media.${part.kind}`) : fileName(given);
  if (found?.state === 'stored' && found.link !== undefined) {
    if (found.shown) return <Shown kind={part.kind} type={found.type} link={found.link} name={name} />;
    return (
      <a className={styles.file} href={found.link} download={name} target="_blank" rel="noreferrer">
        <IconFile size={18} stroke={1.6} aria-hidden />
        <bdi className={styles.fileName}>{name}</bdi>
        {found.size !== undefined && (
          <span className={styles.quiet}>{sizeText(found.size, texts.locale)}</span>
        )}
      </a>
    );
  }
  const state = found?.state;
  const isGone = state === 'refused' || state === 'failed' || state === 'erased';
  const Icon = isGone ? IconPhotoOff : IconPaperclip;
  const reason = isGone && found?.reason ? texts.find(`media.reason.${found.reason}`) : undefined;
  return (
    <span className={styles.file} data-gone={isGone}>
      <Icon size={18} stroke={1.6} aria-hidden />
      <bdi className={styles.fileName}>{name}</bdi>
      <span className={styles.quiet}>
        {texts.t(isGone ? `media.state.${state}` : 'media.state.pending')}
        {reason && `: ${reason}`}
      </span>
    </span>
  );
}

interface ShownProps {
  readonly kind: MediaContent['kind'];
  readonly type: string | undefined;
  readonly link: string;
  readonly name: string;
}

function Shown({ kind, type, link, name }: ShownProps) {
  const isVideo = type?.startsWith('video/');
  if (kind === 'audio')
    // biome-ignore lint/a11y/useMediaCaption: nobody has written down what a client said
    return <audio className={styles.audio} src={link} controls preload="none" aria-label={name} />;
  if (isVideo)
    // biome-ignore lint/a11y/useMediaCaption: nobody has written down what a client filmed
    return <video className={styles.picture} src={link} controls preload="none" aria-label={name} />;
  return (
    <a href={link} target="_blank" rel="noreferrer">
      <img
        className={styles.picture}
        data-sticker={kind === 'sticker'}
        src={link}
        alt={name}
        loading="lazy"
      />
    </a>
  );
}
