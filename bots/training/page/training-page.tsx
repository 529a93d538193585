import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ApiClient } from '../../../gateway/web/api-client.ts';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { CandidatesTab } from './candidates-tab.tsx';
import { EvaluationTab } from './evaluation/evaluation-tab.tsx';
import { Exchange } from './exchange.tsx';
import { LintTab } from './lint-tab.tsx';
import { PhrasesTab } from './phrases/phrases-tab.tsx';
import { PlaceDialog } from './phrases/place-dialog.tsx';
import { phrasesQuery } from './queries.ts';
import { type Place, placesOf, showPhrases } from './shown-phrases.ts';
import { tellApart } from './tell-apart.ts';
import { trainingTexts } from './texts/training.ts';
import styles from './training.module.css';
import { type TrainingAtHand, TrainingProvider } from './training-context.ts';
import { useChanges } from './use-changes.ts';
import { VersionsTab } from './versions/versions-tab.tsx';

const TABS = ['phrases', 'candidates', 'versions', 'evaluation', 'lint'] as const;
type Tab = (typeof TABS)[number];

interface Asked {
  readonly text: string;
  readonly place: Place;
  readonly save?: ((place: Place) => void) | undefined;
}

export interface TrainingPageProps {
  readonly api: ApiClient;
  /** The name of an intent for people; undefined where it has none. */
  readonly nameOf: (intent: string) => string | undefined;
}

/** What the bot understands, and how it is taught: phrases, models, figures. */
export function TrainingPage({ api, nameOf }: TrainingPageProps) {
  const texts = useTexts(trainingTexts);
  const [tab, setTab] = useState<Tab>('phrases');
  const [place, setPlace] = useState<Place | undefined>();
  const [asked, setAsked] = useState<Asked | undefined>();
  const changes = useChanges(api);
  const { change } = changes;
  const { data } = useQuery(phrasesQuery(api));
  const nameOfPlace = useMemo(() => {
    const named = (one: Place) => {
      if (one === null) return texts.t('place.left-out');
      return one === 'none' ? texts.t('place.none') : (nameOf(one) ?? one.replaceAll('_', ' '));
    };
    const places = data ? placesOf(showPhrases(data), named) : [];
    return tellApart(
      places.map(({ place }) => place),
      named,
    );
  }, [data, nameOf, texts]);
  const atHand = useMemo<TrainingAtHand>(
    () => ({
      api,
      nameOf: nameOfPlace,
      change,
      openPlace(one) {
        setPlace(one);
        setTab('phrases');
      },
      askPlace: (text, one, save) => setAsked({ text, place: one, save }),
    }),
    [api, nameOfPlace, change],
  );
  return (
    <TrainingProvider value={atHand}>
      <section className={styles.page} aria-labelledby="training-title">
        <header className={styles.head}>
          <h1 id="training-title" className={styles.title}>
            {texts.t('title')}
          </h1>
          <Exchange api={api} />
        </header>
        <ChangeLine changes={changes} nameOf={atHand.nameOf} />
        <Tabs
          value={tab}
          onChange={(value) => setTab(TABS.find((one) => one === value) ?? 'phrases')}
          keepMounted={false}
          className={styles.tabs}
        >
          <Tabs.List className={styles.tabList} aria-label={texts.t('tabs')}>
            {TABS.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {texts.t(`tab.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="phrases">
            <PhrasesTab place={place} onPlace={setPlace} />
          </Tabs.Panel>
          <Tabs.Panel value="candidates">
            <CandidatesTab />
          </Tabs.Panel>
          <Tabs.Panel value="versions">
            <VersionsTab />
          </Tabs.Panel>
          <Tabs.Panel value="evaluation">
            <EvaluationTab />
          </Tabs.Panel>
          <Tabs.Panel value="lint">
            <LintTab />
          </Tabs.Panel>
        </Tabs>
        {asked && <PlaceDialog {...asked} onClose={() => setAsked(undefined)} />}
      </section>
    </TrainingProvider>
  );
}

interface ChangeLineProps {
  readonly changes: ReturnType<typeof useChanges>;
  readonly nameOf: TrainingAtHand['nameOf'];
}

/** What was changed last, with the way back; what went wrong. Its place is kept when it is empty. */
function ChangeLine({ changes, nameOf }: ChangeLineProps) {
  const texts = useTexts(trainingTexts);
  const kit = useTexts(kitTexts);
  const { last, error, isBusy, undo } = changes;
  return (
    <div className={styles.changes}>
      <span role="status" className={styles.dim}>
        {last &&
          (last.to === 'as-shipped'
            ? texts.t('changed.back', { text: last.text })
            : texts.t('changed.to', { text: last.text, place: nameOf(last.to) }))}
      </span>
      {last && (
        <Button size="compact-xs" variant="default" disabled={isBusy} onClick={undo}>
          {texts.t('undo')}
        </Button>
      )}
      {error && (
        <span role="alert" className={styles.failure}>
          {problemText(error, kit)}
        </span>
      )}
    </div>
  );
}
