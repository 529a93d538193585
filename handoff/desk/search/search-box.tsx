import { ActionIcon, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import type { KeyboardEvent, Ref } from 'react';
import { isComposing } from '../../../gateway/web/keyboard.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { deskTexts } from '../texts/desk.ts';
import styles from './search.module.css';

/** The most that the API looks for, characters. */
const LONGEST = 200;

interface SearchBoxProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onClear: () => void;
}

/** Where words are written to be found in messages and notes. Escape clears it, the arrow leads into the list. */
export function SearchBox({ ref, text, onChange, onClear }: SearchBoxProps) {
  const texts = useTexts(deskTexts);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'Escape' && text !== '') {
      event.preventDefault();
      onClear();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      event.currentTarget
        .closest('section')
        ?.querySelector<HTMLElement>('[role=listbox] [tabindex="0"]')
        ?.focus();
    }
  };
  return (
    <TextInput
      ref={ref}
      type="search"
      size="xs"
      className={styles.box}
      classNames={{ input: styles.input }}
      aria-label={texts.t('search.label')}
      placeholder={texts.t('search.label')}
      leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
      rightSection={
        text !== '' && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={texts.t('search.clear')}
            onClick={onClear}
          >
            <IconX size={14} stroke={1.8} aria-hidden />
          </ActionIcon>
        )
      }
      value={text}
      maxLength={LONGEST}
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}
