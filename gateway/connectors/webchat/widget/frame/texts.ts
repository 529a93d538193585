import type { Locale } from '../../../../model/contact.ts';
import type { ShownFile } from './frames.ts';
import type { MoveQuestion } from './moving.ts';

/** Who answers; `waiting`: people have the conversation, and none of them has answered yet. */
export type Answers = 'bot' | 'operator' | 'waiting';

export interface FrameTexts {
  readonly title: string;
  readonly answers: Readonly<Record<Answers, string>>;
  readonly connecting: string;
  readonly close: string;
  readonly messages: string;
  readonly loading: string;
  readonly introTitle: string;
  readonly intro: string;
  readonly safety: string;
  readonly callPerson: string;
  /** What the client says by pressing it: words that the bot takes for a request for a person. */
  readonly callPersonSays: string;
  readonly calling: string;
  readonly field: string;
  readonly send: string;
  readonly attach: string;
  /** `max` in megabytes. */
  readonly fileLimit: (max: string) => string;
  readonly tooLong: (max: string) => string;
  readonly authors: Readonly<Record<'client' | 'bot' | 'operator' | 'system', string>>;
  readonly typing: Readonly<Record<'bot' | 'operator', string>>;
  readonly notices: Readonly<Record<'offline' | 'lost' | 'refused', string>>;
  readonly retry: string;
  readonly change: string;
  readonly sending: Readonly<Record<'sending' | 'waiting' | 'failed' | 'stored' | 'read', string>>;
  /** Why a message failed, by the hub's code. */
  readonly failures: Readonly<Record<string, string>>;
  readonly move: Readonly<
    Record<MoveQuestion['state'], { readonly title: string; readonly text: string }> &
      Record<'agree' | 'decline' | 'begin', string>
  >;
  /** What became of a message: new words, or none any more. */
  readonly edited: string;
  readonly deleted: string;
  /** What stands under a message from the bank. */
  readonly reactions: string;
  readonly choices: string;
  readonly chosen: string;
  /** Of a link: it opens in a tab of its own. */
  readonly opensBeside: string;
  /** What the client does where a button asked for their number, and where their place cannot be found out. */
  readonly writeNumber: string;
  readonly writePlace: string;
  /** What stands in the chat while the place is on its way. */
  readonly myPlace: string;
  readonly toNewest: string;
  readonly newMessages: (count: number) => string;
  readonly showAll: (length: string) => string;
  readonly showLess: string;
  /** What a file without a name is called. */
  readonly files: Readonly<Record<ShownFile['kind'], string>>;
}

const ru: FrameTexts = {
  title: 'Чат с банком',
  answers: { bot: 'Отвечает бот', operator: 'Отвечает сотрудник', waiting: 'Ждём сотрудника' },
  connecting: 'Соединяемся…',
  close: 'Закрыть чат',
  messages: 'Сообщения',
  loading: 'Загружаем сообщения…',
  introTitle: 'Здравствуйте. Это бот-помощник банка',
  intro:
    'Напишите, что нужно: он отвечает сразу, в любое время. Если нужен человек, нажмите «Позвать сотрудника».',
  safety: 'Мы никогда не спрашиваем код из СМС, ПИН и CVC',
  callPerson: 'Позвать сотрудника',
  callPersonSays: 'Позовите сотрудника',
  calling: 'Зовём сотрудника…',
  field: 'Сообщение',
  send: 'Отправить',
  attach: 'Приложить файл',
  fileLimit: (max) => `Файл должен быть не пустым и не больше ${max} МБ.`,
  tooLong: (max) => `Сообщение слишком длинное: можно до ${max} знаков. Сократите его или отправьте частями.`,
  authors: { client: 'Вы', bot: 'Бот', operator: 'Сотрудник', system: 'Банк' },
  typing: { bot: 'Бот печатает…', operator: 'Сотрудник печатает…' },
  notices: {
    offline: 'Нет интернета. Сообщения отправятся, когда связь появится.',
    lost: 'Связь прервалась. Соединяемся снова…',
    refused: 'Чат сейчас недоступен. Попробуйте немного позже.',
  },
  retry: 'Повторить',
  change: 'Изменить',
  sending: {
    sending: 'Отправляется',
    waiting: 'Ждёт связи',
    failed: 'Не отправлено',
    stored: 'Отправлено',
    read: 'Прочитано',
  },
  failures: {
    stale: 'долго не было связи',
    'too-large': 'слишком большое',
    'file-refused': 'файл повреждён или опасен',
    'over-bound': 'сегодня файлов больше не принять, попробуйте завтра',
    unreadable: 'файл не читается',
  },
  move: {
    ask: {
      title: 'Продолжить здесь диалог, начатый в другом канале?',
      text: 'Соглашайтесь, только если начали его вы. Если ссылку прислал кто-то другой, он сможет прочитать, что вы напишете.',
    },
    ended: {
      title: 'Ссылка больше не действует',
      text: 'Она действует десять минут и один раз. Возьмите новую там, где начали диалог, или начните его здесь.',
    },
    'another-client': {
      title: 'Тот диалог не подтверждён как ваш',
      text: 'Вы вошли как клиент банка, а тот, кто начал диалог, не подтвердил, кто он. Подтвердите себя там кодом и возьмите новую ссылку или начните диалог здесь.',
    },
    agree: 'Продолжить диалог',
    decline: 'Начать свой',
    begin: 'Начать здесь',
  },
  edited: 'исправлено',
  deleted: 'Сообщение удалено',
  reactions: 'Реакция банка',
  choices: 'Варианты ответа',
  chosen: 'выбрано',
  opensBeside: 'откроется в новой вкладке',
  writeNumber: 'Напишите номер телефона',
  writePlace: 'Узнать место не удалось. Напишите адрес',
  myPlace: 'Моё местоположение',
  toNewest: 'К последним сообщениям',
  newMessages: (count) => {
    const form = new Intl.PluralRules('ru').select(count);
    if (form === 'one') return `${count} новое сообщение`;
    return form === 'few' ? `${count} новых сообщения` : `${count} новых сообщений`;
  },
  showAll: (length) => `Показать полностью (${length} зн.)`,
  showLess: 'Свернуть',
  files: { image: 'Изображение', file: 'Файл', audio: 'Аудио', video: 'Видео', sticker: 'Стикер' },
};

const en: FrameTexts = {
  title: 'Chat with the bank',
  answers: { bot: 'A bot answers', operator: 'A person answers', waiting: 'Waiting for a person' },
  connecting: 'Connecting…',
  close: 'Close the chat',
  messages: 'Messages',
  loading: 'Loading messages…',
  introTitle: 'Hello. This is the bank’s assistant bot',
  intro:
    'Write what you need: it answers at once, at any time. If you need a person, press “Talk to a person”.',
  safety: 'We never ask for a code from an SMS, a PIN or a CVC',
  callPerson: 'Talk to a person',
  callPersonSays: 'I want to talk to a person',
  calling: 'Calling a person…',
  field: 'Message',
  send: 'Send',
  attach: 'Attach a file',
  fileLimit: (max) => `A file must not be empty or larger than ${max} MB.`,
  tooLong: (max) => `The message is too long: up to ${max} characters. Shorten it or send it in parts.`,
  authors: { client: 'You', bot: 'Bot', operator: 'Operator', system: 'Bank' },
  typing: { bot: 'The bot is typing…', operator: 'The operator is typing…' },
  notices: {
    offline: 'No internet. Messages will be sent when the connection is back.',
    lost: 'The connection was lost. Connecting again…',
    refused: 'The chat is not available now. Please try again a little later.',
  },
  retry: 'Try again',
  change: 'Edit',
  sending: {
    sending: 'Sending',
    waiting: 'Waits for a connection',
    failed: 'Not sent',
    stored: 'Sent',
    read: 'Read',
  },
  failures: {
    stale: 'no connection for long',
    'too-large': 'too large',
    'file-refused': 'the file is damaged or harmful',
    'over-bound': 'no more files can be taken today, try again tomorrow',
    unreadable: 'the file cannot be read',
  },
  move: {
    ask: {
      title: 'Continue here a dialogue begun in another channel?',
      text: 'Agree only if you began it yourself. If somebody else sent you the link, they can read what you write.',
    },
    ended: {
      title: 'This link is no longer valid',
      text: 'It is valid for ten minutes and once. Get a new one where you began the dialogue, or begin here.',
    },
    'another-client': {
      title: 'That dialogue is not confirmed as yours',
      text: 'You are signed in as a client of the bank, and whoever began that dialogue has not confirmed who they are. Confirm yourself there with a code and get a new link, or begin here.',
    },
    agree: 'Continue the dialogue',
    decline: 'Begin my own',
    begin: 'Begin here',
  },
  edited: 'edited',
  deleted: 'Message deleted',
  reactions: 'Reaction from the bank',
  choices: 'Possible answers',
  chosen: 'chosen',
  opensBeside: 'opens in a new tab',
  writeNumber: 'Write the phone number',
  writePlace: 'The place could not be found out. Write the address',
  myPlace: 'My location',
  toNewest: 'To the latest messages',
  newMessages: (count) => {
    const form = new Intl.PluralRules('en').select(count);
    return form === 'one' ? `${count} new message` : `${count} new messages`;
  },
  showAll: (length) => `Show all (${length} characters)`,
  showLess: 'Show less',
  files: { image: 'Image', file: 'File', audio: 'Audio', video: 'Video', sticker: 'Sticker' },
};

/** The texts of the chat. */
export const frameTexts: Readonly<Record<Locale, FrameTexts>> = { ru, en };
