import { z } from 'zod';
import { decimal, hundredths } from '../../bots/money.ts';
import type { Locale } from '../../gateway/model/contact.ts';
import { branchesIn } from './branches.ts';
import { createCodes, type ShownCode } from './codes.ts';
import { type CardStatus, currencyOf, people, strangerOf } from './people.ts';

/** One request to the demo bank. The customer is the hub's word, never a parameter. */
export interface BankRequest {
  readonly action: string;
  readonly parameters: unknown;
  readonly customer?: string;
  readonly identity?: string;
  readonly locale: Locale;
  /** The same key takes effect once. */
  readonly key: string;
}

/** 200 with a result, or a refusal with a code. */
export interface BankAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A small core-banking service in memory. */
export interface DemoBank {
  answer(request: BankRequest): BankAnswer;
  /** Codes that were sent and not yet used, newest first. */
  codes(): readonly ShownCode[];
}

interface DemoBankParts {
  readonly now: () => Date;
  /** Six digits. */
  readonly newCode: () => string;
}

const accountType = z.enum(['checking', 'savings']);
const amount = z.string().regex(/^\d{1,12}(\.\d{1,2})?$/);
const card = z.string().regex(/^\d{4}$/);
const day = z.iso.date();
const parameters = {
  check_balance: z.object({ account_type: accountType }),
  transfer_money: z.object({
    account_type: accountType,
    amount,
    recipient_name: z.string().trim().min(1).max(200),
    recipient_account_type: accountType.optional(),
  }),
  block_card: z.object({ card }),
  card_status: z.object({ card }),
  exchange_rate: z.object({ currency: z.string() }),
  find_branch: z.object({ city: z.string().optional() }),
  statement: z.object({ account_type: accountType, from: day, to: day }),
  order_card: z.object({ city: z.string().max(200).optional() }),
  send_code: z.object({}),
  check_code: z.object({ code: z.string().max(16) }),
};
type Name = keyof typeof parameters;
type Parameters<N extends Name> = z.infer<(typeof parameters)[N]>;

const RATES: Readonly<Record<string, { buy: string; sell: string }>> = {
  USD: { buy: '79.10', sell: '82.40' },
  EUR: { buy: '91.85', sell: '95.60' },
  CNY: { buy: '10.92', sell: '11.58' },
};
/** The most that one transfer may be, in hundredths. */
const TRANSFER_LIMIT = 50_000_000n;
const MAX_KEYS = 10_000;

interface Client {
  readonly name: string;
  readonly accounts: Map<string, bigint>;
  readonly cards: Map<string, CardStatus>;
  readonly operations: {
    readonly at: string;
    readonly account_type: string;
    readonly amount: string;
    readonly title: string;
  }[];
}

interface Call {
  readonly request: BankRequest;
  readonly client: Client;
  /** What the client's sums are told in. */
  readonly currency: string;
}

export function createDemoBank({ now, newCode }: DemoBankParts): DemoBank {
  const clients = new Map<string, Client>();
  const answered = new Map<string, { readonly body: string; readonly answer: BankAnswer }>();
  const codes = createCodes({ now, newCode });

  const handlers: { readonly [N in Name]: (given: Parameters<N>, call: Call) => BankAnswer } = {
    check_balance({ account_type }, { client, currency }) {
      const balance = client.accounts.get(account_type);
      if (balance === undefined) return refused('no-account');
      return done({ account_type, balance: decimal(balance), currency });
    },
    transfer_money(given, { client, currency }) {
      const sum = hundredths(given.amount) ?? 0n;
      const balance = client.accounts.get(given.account_type);
      if (balance === undefined) return refused('no-account');
      if (sum <= 0n) return refused('wrong-amount');
      if (sum > TRANSFER_LIMIT) return refused('limit-exceeded');
      if (sum > balance) return refused('insufficient-funds', { balance: decimal(balance), currency });
      client.accounts.set(given.account_type, balance - sum);
      client.operations.push({
        at: now().toISOString(),
        account_type: given.account_type,
        amount: decimal(-sum),
        title: given.recipient_name,
      });
      const rest = decimal(balance - sum);
      return done({ ...given, amount: decimal(sum), balance: rest, currency });
    },
    block_card(given, { client }) {
      if (!client.cards.has(given.card)) return refused('unknown-card');
      client.cards.set(given.card, 'blocked');
      return done({ card: given.card, status: 'blocked' });
    },
    card_status(given, { client }) {
      const status = client.cards.get(given.card);
      return status === undefined ? refused('unknown-card') : done({ card: given.card, status });
    },
    exchange_rate({ currency }) {
      const rate = RATES[currency.toUpperCase()];
      return rate
        ? done({ currency: currency.toUpperCase(), ...rate, in: 'RUB' })
        : refused('unknown-currency');
    },
    find_branch({ city }, { request }) {
      const branches = branchesIn(city, request.locale);
      return branches.length > 0 ? done({ branches }) : refused('no-branch');
    },
    statement({ account_type, from, to }, { client, currency }) {
      if (!client.accounts.has(account_type)) return refused('no-account');
      const operations = client.operations
        .map(({ at, ...it }) => ({ day: at.slice(0, 10), ...it }))
        .filter((it) => it.account_type === account_type && it.day >= from && it.day <= to)
        .map(({ day, amount: sum, title }) => ({ day, title, amount: sum }));
      return done({ account_type, from, to, currency, count: operations.length, operations });
    },
    order_card({ city }, { client }) {
      const tail = String(1000 + ((client.cards.size * 2_711 + 5_003) % 9_000));
      client.cards.set(tail, 'active');
      return done({ card: tail, ready_in_days: 3, ...(city === undefined ? {} : { city }) });
    },
    send_code(_, { request }) {
      const code = codes.send(request.identity ?? '');
      return code === 'too-many-codes' ? refused(code) : done({});
    },
    check_code({ code }, { request }) {
      const identity = request.identity ?? '';
      const outcome = codes.check(identity, code);
      return outcome === 'right' ? done({ customer: `demo-${identity}` }) : refused(outcome);
    },
  };

  function clientOf(customer: string, locale: Locale): Client {
    const known = clients.get(customer);
    if (known) return known;
    const person = people.find((it) => it.customer === customer) ?? strangerOf(customer, locale);
    const client: Client = {
      name: person.name,
      accounts: new Map(Object.entries(person.accounts).map(([type, sum]) => [type, hundredths(sum) ?? 0n])),
      cards: new Map(Object.entries(person.cards)),
      operations: [],
    };
    clients.set(customer, client);
    return client;
  }

  function handle<N extends Name>(name: N, request: BankRequest): BankAnswer {
    const given = parameters[name].safeParse(request.parameters);
    if (!given.success)
      return refused('wrong-parameters', { where: given.error.issues.map((it) => it.path.join('.')) });
    const isOpen = OPEN.has(name);
    if (!isOpen && !request.customer) return { status: 401, body: { code: 'no-customer' } };
    const client = clientOf(isOpen ? '' : (request.customer ?? ''), request.locale);
    const handler: (given: Parameters<N>, call: Call) => BankAnswer = handlers[name];
    return handler(given.data as Parameters<N>, { request, client, currency: currencyOf[request.locale] });
  }

  return {
    answer(request) {
      if (!isName(request.action)) return { status: 404, body: { code: 'unknown-action' } };
      const body = JSON.stringify([request.action, request.customer, request.parameters]);
      const before = answered.get(request.key);
      if (before) return before.body === body ? before.answer : refused('key-reused');
      const answer = handle(request.action, request);
      answered.set(request.key, { body, answer });
      const [oldest] = answered.keys();
      if (answered.size > MAX_KEYS && oldest !== undefined) answered.delete(oldest);
      return answer;
    },
    codes: () => codes.open(),
  };
}

/** What anyone may ask. */
const OPEN: ReadonlySet<Name> = new Set<Name>(['exchange_rate', 'find_branch', 'send_code', 'check_code']);

function isName(action: string): action is Name {
  return Object.hasOwn(parameters, action);
}

function done(body: Record<string, unknown>): BankAnswer {
  return { status: 200, body };
}

function refused(code: string, more: Record<string, unknown> = {}): BankAnswer {
  return { status: 422, body: { code, ...more } };
}
