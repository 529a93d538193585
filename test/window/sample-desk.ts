import type { DeskState, Person } from './desk-state.ts';
import { delivery } from './desk-state.ts';

const MINUTE_MS = 60_000;
const QUEUE = { kind: 'queue', queue: 'main' } as const;

/** Conversations worth looking at; returns the ids of those that tests speak of. */
export function fillDesk(state: DeskState, me: Person, colleague: Person) {
  const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
  const fraud = state.open({
    contact: contact('Марина Великопольская', 'bank-authenticated'),
    channel: 'telegram',
    ownerSince: ago(14),
  });
  state.add(fraud, { type: 'line', what: 'conversation.opened', detail: {}, at: ago(16) });
  state.clientSays(fraud, 'Здравствуйте! У меня списали 12 400 ₽, это не я!!!', ago(15));
  state.botSays(
    fraud,
    'Сразу передаю вас сотруднику. Ничего никому не сообщайте: коды и пароли мы никогда не спрашиваем.',
    [],
    ago(15),
  );
  state.own(fraud, QUEUE, 'fraud', ago(14));
  state.clientSays(fraud, 'Пожалуйста, быстрее', ago(12));
  state.explain(fraud, {
    reason: 'fraud',
    summary: 'Клиент сообщает о списании 12 400 ₽, которого не совершал. Бот ничего не делал.',
    intent: 'fraud',
    slots: [{ name: 'amount', title: 'Сумма', value: '12 400 ₽' }],
  });

  const transfer = state.open({
    contact: contact('Пётр Ким', 'code-confirmed'),
    channel: 'webchat',
    ownerSince: ago(6),
  });
  state.add(transfer, { type: 'line', what: 'conversation.opened', detail: {}, at: ago(60 * 26) });
  for (const [client, bot] of [
    ['Хочу перевести деньги', 'Кому переводим?'],
    ['Маме', 'Напишите имя получателя, как в телефонной книге.'],
    ['Ирина Ким', 'Сколько перевести?'],
    ['5000', 'С какого счёта?'],
  ] as const) {
    state.clientSays(transfer, client, ago(60 * 26));
    state.botSays(
      transfer,
      bot,
      bot.startsWith('С какого') ? ['Текущий', 'Накопительный'] : [],
      ago(60 * 26),
    );
  }
  state.add(transfer, {
    type: 'message',
    from: 'client',
    channel: 'webchat',
    content: [{ kind: 'choice', id: '0', text: 'Текущий' }],
    erased: false,
    at: ago(60 * 26),
  });
  state.add(transfer, {
    type: 'line',
    what: 'action.unknown',
    detail: { name: 'transfer_money' },
    at: ago(8),
  });
  state.botSays(
    transfer,
    'Банк не ответил, и я не знаю, прошёл ли перевод. Передаю вас сотруднику, он проверит.',
    [],
    ago(7),
  );
  state.own(transfer, QUEUE, 'outcome-unknown', ago(6));
  state.explain(transfer, {
    reason: 'outcome-unknown',
    summary:
      'Клиент переводил 5 000 ₽ Ирине Ким с текущего счёта. Банк не ответил, прошёл ли перевод, неизвестно.',
    intent: 'transfer_money',
    slots: [
      { name: 'amount', title: 'Сумма', value: '5 000,00 ₽' },
      { name: 'recipient_name', title: 'Получатель', value: 'Ирина Ким' },
      { name: 'account_type', title: 'Счёт', value: 'текущий' },
    ],
    steps: [
      { script: 'transfer_money', step: 'recipient', outcome: 'filled' },
      { script: 'transfer_money', step: 'amount', outcome: 'filled' },
      { script: 'transfer_money', step: 'confirm', outcome: 'confirmed' },
      { script: 'transfer_money', step: 'transfer', outcome: 'unknown' },
    ],
    misses: ['маме на сберовскую карту которая кончается на 4412', 'ну той самой'],
  });
  Object.assign(state.get(transfer).view, {
    history: [
      {
        id: state.open({
          status: 'closed',
          owner: { kind: 'nobody' },
          contact: contact('Пётр Ким', 'code-confirmed'),
          ownerSince: ago(60 * 24 * 9),
        }),
        openedAt: ago(60 * 24 * 9 + 20),
        closedAt: ago(60 * 24 * 9),
        intent: 'check_balance',
      },
    ],
    identities: [
      {
        id: '00000000-0000-4000-8000-0000000000a1',
        channel: 'webchat',
        evidence: 'code-confirmed',
        name: 'Пётр Ким',
        linked: false,
      },
      {
        id: '00000000-0000-4000-8000-0000000000a2',
        channel: 'telegram',
        evidence: 'claimed',
        name: 'Petr K',
        username: 'petr_kim',
        linked: true,
      },
    ],
  });

  const english = state.open({
    contact: contact('Jonathan Featherstonehaugh-Cholmondeley the Third', 'claimed'),
    channel: 'telegram',
    locale: 'en',
    ownerSince: ago(3),
  });
  state.clientSays(english, 'operator please', ago(4));
  state.own(english, QUEUE, 'asked', ago(3));
  state.explain(english, { summary: 'Asked for a person at once.', locale: 'en' });

  const mine = state.open({
    contact: contact('Лидия Орлова', 'bank-authenticated'),
    channel: 'telegram',
    ownerSince: ago(20),
  });
  state.add(mine, { type: 'line', what: 'conversation.opened', detail: {}, at: ago(30) });
  state.clientSays(mine, 'Почему по накопительному счёту другой процент?', ago(28));
  state.botSays(
    mine,
    'Не уверен, что понял. Уточните, пожалуйста.',
    ['Баланс', 'Перевод', 'Сотрудник'],
    ago(28),
  );
  state.clientSays(mine, 'процент по накопительному!!', ago(27));
  state.botSays(mine, 'Передаю вас сотруднику.', [], ago(27));
  state.own(mine, QUEUE, 'not-understood', ago(27));
  state.own(mine, { kind: 'operator', operator: me.id, name: me.name }, 'taken', ago(20));
  state.operatorSays(mine, me.name, 'Добрый день! Смотрю ваш договор, минуту.', {
    at: ago(19),
    delivery: delivery('accepted', 'read'),
  });
  state.add(mine, {
    type: 'note',
    by: colleague.name,
    text: 'Ставка менялась 1 ноября, письмо клиентам уходило 15 октября.',
    at: ago(18),
  });
  state.operatorSays(mine, me.name, 'С 1 ноября ставка 14,5 % на остаток до 300 000 ₽, дальше 9 %.', {
    at: ago(16),
    delivery: delivery('accepted', 'delivered'),
  });
  state.operatorSays(mine, me.name, 'Условия отправила в Telegram отдельным сообщением.', {
    at: ago(16),
    delivery: { ...delivery('rejected'), reason: 'blocked-by-contact' },
  });
  state.clientSays(mine, 'Понятно, спасибо. А если добавлю 50 000?', ago(2));
  state.explain(mine, {
    reason: 'not-understood',
    summary: 'Клиент спрашивает о процентах по накопительному счёту. Бот дважды не понял.',
    misses: ['процент по накопительному!!'],
  });

  const colleagues = state.open({
    contact: contact('محمد عبد الله', 'claimed'),
    channel: 'webchat',
    ownerSince: ago(9),
  });
  state.clientSays(colleagues, 'مرحبا، أحتاج مساعدة', ago(10));
  state.own(colleagues, QUEUE, 'not-understood', ago(10));
  state.own(colleagues, { kind: 'operator', operator: colleague.id, name: colleague.name }, 'taken', ago(9));

  const bots = state.open({
    contact: { id: '00000000-0000-4000-8000-0000000000b1', evidence: 'claimed' },
    channel: 'webchat',
    ownerSince: ago(1),
  });
  state.clientSays(bots, 'Какой курс доллара?', ago(1));
  state.botSays(bots, 'Доллар: покупка 88,10 ₽, продажа 91,40 ₽.', [], ago(1));

  const closed = state.open({
    contact: contact('Глеб', 'claimed'),
    channel: 'telegram',
    ownerSince: ago(60 * 5),
  });
  state.clientSays(closed, 'спасибо, всё получилось 👍🏽👨‍👩‍👧‍👦', ago(60 * 5));
  state.own(closed, { kind: 'nobody' }, 'closed', ago(60 * 5));
  state.add(closed, {
    type: 'line',
    what: 'conversation.closed',
    detail: { by: 'operator', reason: 'closed', name: me.name },
    at: ago(60 * 5),
  });
  return { fraud, transfer, english, mine, colleagues, bots, closed };
}

function contact(name: string, evidence: 'claimed' | 'code-confirmed' | 'bank-authenticated') {
  return { id: crypto.randomUUID(), name, evidence };
}
