import type { PersonEntity } from '../types.ts';
import { currencyOf } from './money.ts';
import { type Gender, guessFirstName, isAlsoWord, nominative, shippedNames } from './names.ts';
import { numeralOf } from './numerals.ts';
import type { Reading } from './reading.ts';

const list = (words: string) => new Set(words.split(' '));

/** Words of requests, answers and banking: never a name, however they are written. */
const stopWords = list(
  `a about account accounts actually again all also amount an and another any are as at atm back balance bank banks be begin block branch but buck bucks by bye call can cancel card cards cash change check checking checkings cheque clear confirm correct could credit currency current dad day debit deposit did do does dollars done don doing done dude each euro everything exactly exchange find fine first for four friend friends from fund funds give go going good great hello help her hers hey hi him his hold home how i if in info instead into is it its just keep know last later let lets like limit list look loan love make me mine mom money month more my name named need new next no nope not now number of off ok okay on one online only open operator or other our out over pay payment people perfect person phone please put rate recipient right roubles rubles same save saving savings see send set she show some somebody someone something soon sorry start statement status stop sure take tell than thank thanks that the their them then there they thing this time to today too total transaction transactions transfer transferred transferring transfers try two under until up us use using want was way we well were what when where which who whom whose why will wire with withdraw would yeah yep yes yesterday yet you your yours usd eur gbp rub kindly also dear sir madam mate guys bot human agent hmm oh wow alright aye nah absolutely definitely certainly wrong never mind ann's d s t m ll ve re im id ill whats thats pls plz thx ty wanna gonna gimme lemme dont cant wont isnt didnt monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december english russian visa mastercard maestro mir sbp iban swift telegram whatsapp sms mrs mr ms miss doctor dr
а абонент адрес аккаунт алло аренда банк банка банке банкомат баланс без более больше будет будь будьте бы был была были было быстро в вам вами вас ваш ваша ваше ваши верно весь взять во вот время все всего всем всех всю вы где говорите да давай давайте данные даже два две деньги денег день дня до добрый доброе добрый договор должен доллар долларов другой другому другое евро его ее ей ему если есть еще ж же за заблокируй заблокировать завтра займ зарплата зачем здравствуйте здрасте знать и из или им имя имени их к кажется как какая какие какой какому карта карте картой карту карты карточка карточку карточки клиент клиенту ко когда кого кому конечно копеек копейки который кредит кроме кстати кто куда курс либо лишь лучше маме меня мне много мной могу мобильный может можно мой моя мою моего моему моей мы на над надо накопительного накопительный нам нас наш не него нее ней нельзя нему нет неть ни ним них ничего но новый номер номеру ну нужен нужна нужно о об обратно один одну ок окей он она они оно опять оператор оператору оплата оплатить основной основного остаток от отмена отмени отправить отправь отправьте отправляй очень перевести переведи переведите перевод перевода переводом перекинь перекинуть по побыстрее пока пожалуйста пополнить получатель получателю под позже потом почему правильно привет при приложение про просто прошу пусть пять раз рубль рубля рублей руб с сам сбер себе себя сегодня сейчас сделай сделать сказать сколько скажи скажите скинуть скинь скиньте следующий снова со сообщение спасибо спс срочно сумма сумму сразу счет счета счете счету счетом счетов так такой там тебе тебя текущего текущий телефон теперь то тогда того тоже той только точно тот ту туда тут ты тыс тысяч тысячу тысячи у увы угу ага уже узнать хватит хотел хотела хочу хотелось час чаевые человек человека человеку чего чем через что чтобы чтоб чья эй эта эти это этого этой этому этот эту я январь дай дайте кинь киньте кинуть закинь закинуть плиз пж пжл пожалуй подскажите подскажи лучше отбой стоп хорошо ладно отлично супер понял поняла ясно общем короче типа вообще номера перечислить перечислите перечисли сбп рублями переслать перешли пошли вышли заплати заплатить договорились`
    .split(/\s+/)
    .join(' '),
);

/** A person by kinship: taken only where the question was «кому?» and no name was said. */
const kin = new Map<string, string>();
for (const forms of 'мама маме маму мамы мамочке|папа папе папу папы|брат брату брата|сестра сестре сестру|жена жене жену|муж мужу мужа|сын сыну сына|дочь дочери дочке дочка дочку|бабушка бабушке|дедушка дедушке|друг другу друга|подруга подруге подругу|тетя тете|дядя дяде|теща теще|mom mum mother mommy|dad father|brother|sister|wife|husband|son|daughter|grandma grandmother|grandpa|aunt|uncle|landlord|roommate'.split(
  '|',
)) {
  const all = forms.split(' ');
  for (const form of all) kin.set(form, all[0] ?? form);
}

const giving =
  /^(to|for|want|need|let|pay|send|give|wire|sent|name|named|called|hand|gift|recipient|it's|2)$/;
const givingRussian =
  /^(перев\p{L}*|перек\p{L}*|отправ\p{L}*|скин\p{L}*|закин\p{L}*|кин\p{L}*|перешл\p{L}*|перечисл\p{L}*|пошл\p{L}*|дай|дайте|для|получател\p{L}*|зовут|заплат\p{L}*|верн\p{L}*|отда\p{L}*|имя|клиент\p{L}*|друг\p{L}*|подруг\p{L}*|брат\p{L}*|сестр\p{L}*|жен\p{L}*|муж\p{L}*|сын\p{L}*|доч\p{L}*|деньги|руб|рублей|рубля|рубль|р|тыс|тысяч|тысячу|тысячи|сумму|баксов|долларов|евро|к|₽)$/u;

type Candidate = { readonly at: number; readonly isName: boolean; readonly strength: number };

/** Names of people: known names in any case, unknown ones by capitals, spelling and what stands before them. */
export function findPersons(reading: Reading): PersonEntity[] {
  const { tokens } = reading;
  const found: PersonEntity[] = [];
  const isShouted = !/\p{Ll}/u.test(reading.text);
  const whole = { isShouted, contentWords: contentWords(reading), isAllUpper: allUpper(reading) };
  for (let at = 0; at < tokens.length; at++) {
    const first = candidateAt(reading, at, whole);
    if (!first) continue;
    if (first.strength < (reading.awaited === 'person' ? 1 : 2)) continue;
    let to = at + 1;
    if (isTitled(reading, at)) to += tokens[at + 1]?.norm === '.' ? 2 : 1;
    for (let parts = 1; parts < 4; parts++) {
      if (isGluedTo(reading, to)) to += 2;
      else if (continues(reading, to, isShouted)) to++;
      else break;
    }
    // "Ivan P." and «Маша П.»
    const initial = tokens[to];
    if (
      initial?.kind === 'word' &&
      initial.norm.length === 1 &&
      tokens[to + 1]?.norm === '.' &&
      isUpper(reading, to)
    )
      to += 2;
    found.push({ kind: 'person', ...reading.span(at, to), value: { name: nameOf(reading, at, to) } });
    at = to - 1;
  }
  if (found.length > 0 || reading.awaited !== 'person') return found;
  for (let at = 0; at < tokens.length; at++) {
    const name = kin.get(tokens[at]?.norm ?? '');
    if (name) return [{ kind: 'person', ...reading.span(at, at + 1), value: { name: capital(name) } }];
  }
  return found;
}

const rawOf = (reading: Reading, at: number): string => reading.span(at, at + 1).text;
const isUpper = (reading: Reading, at: number): boolean => /^\p{Lu}/u.test(rawOf(reading, at));

/** What is the same for all words of a text; reckoned once. */
type Whole = { readonly isShouted: boolean; readonly contentWords: number; readonly isAllUpper: boolean };

function candidateAt(reading: Reading, at: number, whole: Whole): Candidate | undefined {
  const token = reading.tokens[at];
  if (token?.kind !== 'word') return undefined;
  const word = token.norm;
  const known = shippedNames().find(word);
  const upper = isUpper(reading, at) && !whole.isShouted;
  const before = reading.tokens[at - 1];
  const after = reading.tokens[at + 1];
  const isFirst = at === 0 || (before?.kind === 'sign' && '.!?\n'.includes(before.norm));
  const isGiven = givenBefore(reading, at);
  const possessed = after?.norm === "'" && reading.tokens[at + 2]?.norm === 's' && word.length > 1;
  const weak = isAlsoWord(word);
  if (known && weak && before?.norm === 'to' && !nextIsVerbal(reading, at))
    return { at, isName: true, strength: 3 };
  if (known && !stopWords.has(word)) {
    const strength = weak && !upper && !isGiven ? 1 : 3;
    // «вера», «роза», "will", "may" in lower case are words first.
    return {
      at,
      isName: true,
      strength: weak && !upper && reading.awaited !== 'person' && !isGiven ? 0 : strength,
    };
  }
  if (isTitled(reading, at)) return { at, isName: false, strength: 3 };
  if (isGluedTo(reading, at + 1) && word.length === 1 && upper) return { at, isName: false, strength: 2 };
  if (stopWords.has(word) || kin.has(word) || word.length < 2) return undefined;
  if (
    numeralOf(word) ||
    currencyOf(word) ||
    /^(checking|saving|накопит|сберег|расчетн|текущ|основн)/.test(word)
  ) {
    return undefined;
  }
  const alien = !reading.isKnown(word);
  let strength = 0;
  if (upper && !isFirst) strength += 1;
  if (alien) strength += 1;
  if (isGiven) strength += 1;
  if (possessed && (alien || upper)) strength += 1;
  if (upper && isFirst && alien) strength += 1;
  // A bare answer: nothing else in it could be the name.
  const isBare = whole.contentWords <= (alien || !isFirst || whole.isAllUpper ? 3 : 1);
  if (upper && surname.test(word) && shippedNames().find(after?.norm ?? '')) strength += 2;
  if (reading.awaited === 'person' && (alien || upper) && isBare) strength += 1;
  if (isVerbLike(word) && !upper) strength -= 1;
  const isNameLike = alien && upper && !isFirst;
  if (!isGiven && !isNameLike && reading.awaited !== 'person' && !possessed) strength -= 1;
  return strength > 0 ? { at, isName: false, strength } : undefined;
}

const isVerbLike = (word: string): boolean =>
  /(ть|ться|ите|йте|ешь|ишь|ует|ает|ing|tion|ment)$/u.test(word) && word.length > 4;

/** "to", "send", «переведи» close before, with sums and small words allowed between. */
function givenBefore(reading: Reading, at: number): boolean {
  for (let back = 1; back <= 5; back++) {
    const token = reading.tokens[at - back];
    if (!token || (token.kind === 'sign' && '.!?;'.includes(token.norm))) return false;
    const isNaming =
      token.norm === 'is' &&
      /^(name|recipient|it|that|this)$/.test(reading.tokens[at - back - 1]?.norm ?? '');
    if (isNaming || giving.test(token.norm) || givingRussian.test(token.norm)) return true;
    const isBridge =
      token.kind === 'digits' ||
      '$€₽£,:-'.includes(token.norm) ||
      numeralOf(token.norm) !== undefined ||
      /^(my|friend|name|a|the|mr|mrs|ms|dr|моему|моей|мой|моя|на|имя|срочно|пожалуйста|please|и|and)$/u.test(
        token.norm,
      );
    if (!isBridge) return false;
  }
  return false;
}

function continues(reading: Reading, at: number, isShouted: boolean): boolean {
  const token = reading.tokens[at];
  const before = reading.tokens[at - 1];
  if (token?.kind !== 'word' || token.norm.length < 2 || stopWords.has(token.norm)) return false;
  if (numeralOf(token.norm) || currencyOf(token.norm)) return false;
  if (!before || token.start !== before.end + 1) return false;
  const upper = isUpper(reading, at) && !isShouted;
  if (upper && isUpper(reading, at - 1)) return true;
  if (/(вич|вичу|вича|вна|вне|вну|вны)$/.test(token.norm)) return true;
  // «маше ивановой», "john smith" in lower case: a surname's look, or a word that no dictionary knows.
  if (reading.awaited === 'person' && at === reading.tokens.length - 1 && !upper && !isUpper(reading, at - 1))
    return true;
  if (surname.test(token.norm)) {
    return !isUpper(reading, at - 1) || upper;
  }
  return !reading.isKnown(token.norm) && !upper && !isUpper(reading, at - 1) && token.norm.length > 3;
}

const surname = /(ов|ев|ин|ова|ева|ина|ову|еву|ину|овой|евой|иной|ский|ская|скому|ской|енко)$/;
const isVerbal = list(
  'be have do go get make send pay transfer see know like need want can not i you the it',
);
const nextIsVerbal = (reading: Reading, at: number): boolean =>
  isVerbal.has(reading.tokens[at + 1]?.norm ?? '');

/** "Mr. Jones", "Dr Brown": a title before a capital. */
function isTitled(reading: Reading, at: number): boolean {
  if (!/^(mr|mrs|ms|miss|dr|prof)$/.test(reading.tokens[at]?.norm ?? '')) return false;
  const next = reading.tokens[at + 1]?.norm === '.' ? at + 2 : at + 1;
  return reading.tokens[next]?.kind === 'word' && isUpper(reading, next);
}

/** "O'Brien", "Jean-Luc": a mark and a capital, with no blank before either. */
function isGluedTo(reading: Reading, at: number): boolean {
  const [before, mark, after] = [reading.tokens[at - 1], reading.tokens[at], reading.tokens[at + 1]];
  if (!before || !mark || !after || !"'’-".includes(mark.norm)) return false;
  return (
    before.end === mark.start && mark.end === after.start && after.kind === 'word' && isUpper(reading, at + 1)
  );
}

const allUpper = (reading: Reading): boolean =>
  reading.tokens.every(
    (token, at) => token.kind !== 'word' || stopWords.has(token.norm) || /^\p{Lu}/u.test(rawOf(reading, at)),
  );

const contentWords = (reading: Reading): number =>
  reading.tokens.reduce((n, token) => n + (token.kind === 'word' && !stopWords.has(token.norm) ? 1 : 0), 0);

/** The name as to be shown: capitals, known first names and usual endings in the nominative. */
function nameOf(reading: Reading, from: number, to: number): string {
  let name = '';
  let gender: Gender | undefined;
  for (let at = from; at < to; at++) {
    const token = reading.tokens[at];
    if (!token) break;
    const raw = rawOf(reading, at);
    if (at > from && token.start > (reading.tokens[at - 1]?.end ?? 0)) name += ' ';
    const known = shippedNames().find(token.norm);
    if (known) gender ??= known.gender;
    const isRussian = /^\p{Script=Cyrillic}/u.test(token.norm);
    if (token.kind === 'sign') name += raw;
    else if (known && isRussian) name += known.name;
    else if (isRussian && raw === raw.toLowerCase() && name === '')
      name += capital(guessFirstName(token.norm));
    else if (isRussian) name += capital(name ? nominative(raw, gender) : guessFirstName(raw));
    else name += capital(raw);
  }
  return name;
}

/** First letter up; the rest as written unless all of it is shouted. */
function capital(word: string): string {
  const rest = word.length > 2 && word === word.toUpperCase() ? word.slice(1).toLowerCase() : word.slice(1);
  return word.slice(0, 1).toUpperCase() + rest;
}
