import { expect, it } from 'vitest';
import type { Connector } from '../../gateway/connectors/connector.ts';
import { voice } from '../../gateway/connectors/voice/index.ts';
import type { ChannelId } from '../../gateway/model/ids.ts';
import { createPlacesElsewhere } from '../../gateway/places-elsewhere.ts';
import { memoryHost } from './connectors/host.ts';

const call = (phone: string) =>
  voice.connect(voice.settings.parse({ token: 'a-token-of-some-length', phone }), memoryHost('voice'));

it('names links and the number to call, in the language of the dialogue, but for the channel where the client is', () => {
  const places = createPlacesElsewhere(
    new Map<ChannelId, Pick<Connector, 'startLink' | 'phone'>>([
      ['telegram' as ChannelId, { startLink: (link: string) => `https://t.me/bank?start=${link}` }],
      ['max' as ChannelId, { startLink: () => undefined }],
      ['sms' as ChannelId, {}],
      ['voice' as ChannelId, call('8 800 100-20-30')],
    ]),
    () => ({ dataClass: 'personal' }),
  );
  const link = 'https://t.me/bank?start=okno_1';
  expect(places('okno_1', 'sms' as ChannelId, 'ru')).toEqual([link, 'По телефону: 8 800 100-20-30']);
  expect(places('okno_1', 'telegram' as ChannelId, 'en')).toEqual(['By phone: 8 800 100-20-30']);
  expect(places('okno_1', 'voice' as ChannelId, 'ru')).toEqual([link]);
});

it('names only the places that may carry what cannot be said here', () => {
  const page = (link: string) => `https://bank.example/?okno=${link}`;
  const places = createPlacesElsewhere(
    new Map<ChannelId, Pick<Connector, 'startLink' | 'phone'>>([
      ['webchat' as ChannelId, { startLink: page }],
      ['max' as ChannelId, { startLink: (link: string) => `https://max.ru/bank?start=${link}` }],
      ['voice' as ChannelId, call('8 800 100-20-30')],
    ]),
    (id) => ({ dataClass: id === 'webchat' ? 'bank-secret' : 'personal' }),
  );
  const here = 'telegram' as ChannelId;
  expect(places('okno_1', here, 'ru', 'bank-secret')).toEqual([page('okno_1')]);
  expect(places('okno_1', here, 'ru', 'personal')).toHaveLength(3);
});

it('takes a number as people write it, or none', () => {
  expect(call('').phone).toBeUndefined();
  expect(call('+7 (495) 100-20-30').phone).toBe('+7 (495) 100-20-30');
  expect(() => call('call us')).toThrow(/is not a number to call, such as 8 800 100-20-30/);
});
