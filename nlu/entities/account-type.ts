import type { Token } from '../text.ts';
import type { AccountTypeEntity } from '../types.ts';
import { isNear } from './fuzzy.ts';
import type { Reading } from './reading.ts';

type Value = AccountTypeEntity['value'];

const checking =
  /^(checkings?|chequing|cheque|текущ(ий|его|ему|им|ем|ая|ую|ей|ие)|расчетн\p{L}+|основн(ой|ого|ому|ым|ом|ая|ую)|чеков(ый|ого|ому|ым|ом)|дебетов(ый|ого|ому|ым|ом)|карточн(ый|ого|ому|ым|ом)|зарплатн(ый|ого|ому|ым|ом))$/u;
const savings =
  /^(savings?|накопительн\p{L}+|накопит|сберегательн\p{L}+|сбережени(е|я|й|ям|ями|ях)|накоплени(я|й|ям|ями|ях)|сберсчет\p{L}*|копилк\p{L}+)$/u;
const nearWords: readonly (readonly [string, Value])[] = [
  ['checking', 'checking'],
  ['savings', 'savings'],
  ['текущий', 'checking'],
  ['текущего', 'checking'],
  ['расчетный', 'checking'],
  ['накопительный', 'savings'],
  ['накопительного', 'savings'],
  ['накопительном', 'savings'],
  ['сберегательный', 'savings'],
  ['сберегательного', 'savings'],
];
const account = /^(accounts?|acc|acct|счет\p{L}{0,3}|сч)$/u;

/** Kinds of accounts by their names, inflected and with a letter's slip; with the side where the words tell it. */
export function findAccountTypes(reading: Reading): AccountTypeEntity[] {
  const { tokens } = reading;
  const found: AccountTypeEntity[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'word') continue;
    const value = accountAt(tokens, at, reading.awaited === 'account_type');
    if (!value) continue;
    const to = account.test(tokens[at + 1]?.norm ?? '') ? at + 2 : at + 1;
    const side = sideOf(tokens, at, to);
    found.push({ kind: 'account_type', ...reading.span(at, to), value, ...(side && { side }) });
    at = to - 1;
  }
  return found;
}

function accountAt(tokens: readonly Token[], at: number, isAwaited: boolean): Value | undefined {
  const word = tokens[at]?.norm ?? '';
  if (word === 'saving' && /^(money|up|for|time|on|is)$/.test(tokens[at + 1]?.norm ?? '')) return undefined;
  if (savings.test(word)) return 'savings';
  if (word === 'checking' && isVerb(tokens, at)) return undefined;
  if (checking.test(word)) {
    const isLoose = /^(основн|текущ|дебетов|карточн|зарплатн)/.test(word);
    // «текущий курс», «основной вопрос» are no accounts; «текущий конечно» answers which one.
    const next = tokens[at + 1];
    const isTakenFrom =
      /^(с|со|на|между)$/.test(tokens[at - 1]?.norm ?? '') && !otherThings.test(next?.norm ?? '');
    return isLoose &&
      !isTakenFrom &&
      !(isAwaited && !otherThings.test(next?.norm ?? '')) &&
      next?.kind === 'word' &&
      !account.test(next.norm) &&
      !/^(на|с|и|или|а|маше|пожалуйста|плиз|давай\p{L}*|мой|же)$/u.test(next.norm) &&
      next.norm.length > 3
      ? undefined
      : 'checking';
  }
  if (word === 'current' && (account.test(tokens[at + 1]?.norm ?? '') || (isAwaited && isLast(tokens, at)))) {
    return 'checking';
  }
  if (word.length < 6) return undefined;
  return nearWords.find(([name]) => Math.abs(name.length - word.length) < 2 && isNear(name, word))?.[1];
}

/** What «текущий» and «основной» say of things that are no accounts, behind «на» and «с» and in answers too: «на текущий момент». */
const otherThings =
  /^(курс|момент|месяц|день|год|период|тариф|вопрос|лимит|остат|квартал|экран|этап|кредит|долг|договор|адрес|номер|документ|парол|статус|работ|карт|процент|ставк|услови|недел|версии|версию|телефон|профил|устройств|офис|сайт)/;

/** "the current one", and nothing behind it. */
const isLast = (tokens: readonly Token[], at: number): boolean =>
  tokens
    .slice(at + 1, at + 4)
    .every(({ kind, norm }) => kind === 'sign' || norm === 'one' || norm === 'please');

/** "I was checking my balance", "just checking if": the verb, not the account. */
function isVerb(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.norm ?? '';
  const after = tokens[at + 1]?.norm ?? '';
  if (at === 0) return /^(if|whether|in|on|up|out)$/.test(after);
  if (
    /^(am|is|are|was|were|be|been|keep|just|only|by|for|m|im|help|like|mind|about|in|doing|now)$/.test(
      before,
    ) &&
    !account.test(after)
  ) {
    return /^(my|if|on|whether|the|that|in|how|what|up|out|it|this)$/.test(after);
  }
  return false;
}

const ownWords = new Set(
  'my mine our мой моего моему моим моем моя моей мою свой своего своему своем наш нашего'.split(' '),
);
const otherWords = new Set(
  'his her hers their theirs him someone somebody его ее их ему ей чей нему ней получателя recipient'.split(
    ' ',
  ),
);
const fromWords = new Set(
  'from using use out withdraw с со из используй используя спиши списать снять сними'.split(' '),
);
const toWords = new Set('to into onto на в во for'.split(' '));

/** Looks back a few words, up to a clause's end, for whose account it is. */
function sideOf(tokens: readonly Token[], at: number, to: number): AccountTypeEntity['side'] {
  if (/^(получателя|recipient)$/.test(tokens[to]?.norm ?? '')) return 'to';
  let isOwn = false;
  for (let back = 1; back <= 5; back++) {
    const token = tokens[at - back];
    if (!token || (token.kind === 'sign' && '.,;!?'.includes(token.norm))) break;
    const word = token.norm;
    if (otherWords.has(word)) return 'to';
    // "Anna's savings account"
    if (word === 's' && tokens[at - back - 1]?.norm === "'") return 'to';
    if (fromWords.has(word)) return 'from';
    if (ownWords.has(word)) isOwn = true;
    if (toWords.has(word)) return isOwn && !isTransferTarget(tokens, at - back) ? undefined : 'to';
  }
  return isOwn ? 'from' : undefined;
}

/** "transfer to my savings" names the target; "go to my savings account please" answers which account. */
function isTransferTarget(tokens: readonly Token[], at: number): boolean {
  for (let back = 1; back <= 6; back++) {
    const word = tokens[at - back]?.norm;
    if (word === undefined) return false;
    if (
      /^(transfer|send|move|put|wire|перев\p{L}+|перек\p{L}+|отправ\p{L}+|закин\p{L}+|полож\p{L}+)$/u.test(
        word,
      )
    )
      return true;
  }
  return false;
}
