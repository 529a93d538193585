const list = (words: string) => new Set(words.split(' '));

/** Words of requests, answers and banking: never a name, however they are written. */
export const stopWords = list(
  `a about account accounts actually again all also amount an and another any are as at atm back balance bank banks be begin block branch but buck bucks by bye call can cancel card cards cash change check checking checkings cheque clear confirm correct could credit currency current dad day debit deposit did do does dollars done don doing done dude each euro everything exactly exchange find fine first for four friend friends from fund funds give go going good great hello help her hers hey hi him his hold home how i if in info instead into is it its just keep know last later let lets like limit list look loan love make me mine mom money month more my name named need new next no nope not now number of off ok okay on one online only open operator or other our out over pay payment people perfect person phone please put rate recipient right roubles rubles same save saving savings see send set she show some somebody someone something soon sorry start statement status stop sure take tell than thank thanks that the their them then there they thing this time to today too total transaction transactions transfer transferred transferring transfers try two under until up us use using want was way we well were what when where which who whom whose why will wire with withdraw would yeah yep yes yesterday yet you your yours usd eur gbp rub kindly also dear sir madam mate guys bot human agent hmm oh wow alright aye nah absolutely definitely certainly wrong never mind ann's d s t m ll ve re im id ill whats thats pls plz thx ty wanna gonna gimme lemme dont cant wont isnt didnt hasn doesn isn didn wasn couldn wouldn shouldn haven aren weren won hadn ain myself yourself himself herself itself top topup mins hrs nd rd beneficiary monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december english russian visa mastercard maestro mir snils inn bic passport sbp iban swift telegram whatsapp sms mrs mr ms miss doctor dr
а абонент адрес аккаунт алло аренда банк банка банке банкомат баланс без более больше будет будь будьте бы был была были было быстро в вам вами вас ваш ваша ваше ваши верно весь взять во вот время все всего всем всех всю вы где говорите да давай давайте данные даже два две деньги денег день дня до добрый доброе добрый договор должен доллар долларов другой другому другое евро его ее ей ему если есть еще ж же за заблокируй заблокировать завтра займ зарплата зачем здравствуйте здрасте знать и из или им имя имени их к кажется как какая какие какой какому карта карте картой карту карты карточка карточку карточки клиент клиенту ко когда кого кому конечно копеек копейки который кредит кроме кстати кто куда курс либо лишь лучше маме меня мне много мной могу мобильный может можно мой моя мою моего моему моей мы на над надо накопительного накопительный нам нас наш не него нее ней нельзя нему нет неть ни ним них ничего но новый номер номеру ну нужен нужна нужно о об обратно один одну ок окей он она они оно опять оператор оператору оплата оплатить основной основного остаток от отмена отмени отправить отправь отправьте отправляй очень перевести переведи переведите перевод перевода переводом перекинь перекинуть по побыстрее пока пожалуйста пополнить получатель получателю под позже потом почему правильно привет при приложение про просто прошу пусть пять раз рубль рубля рублей руб с сам сбер себе себя сегодня сейчас сделай сделать сказать сколько скажи скажите скинуть скинь скиньте следующий снова со сообщение спасибо спс срочно сумма сумму сразу счет счета счете счету счетом счетов так такой там тебе тебя текущего текущий телефон теперь то тогда того тоже той только точно тот ту туда тут ты тыс тысяч тысячу тысячи у увы угу ага уже узнать хватит хотел хотела хочу хотелось час чаевые человек человека человеку чего чем через что чтобы чтоб чья эй эта эти это этого этой этому этот эту я сша рф снилс инн бик паспорт январь дай дайте кинь киньте кинуть закинь закинуть плиз пж пжл пожалуй подскажите подскажи лучше отбой стоп хорошо ладно отлично супер понял поняла ясно общем короче типа вообще номера перечислить перечислите перечисли сбп рублями переслать перешли пошли вышли заплати заплатить договорились`
    .split(/\s+/)
    .join(' '),
);

/** Before whom or for whom one gives: "to", "send", «переведи», «для». */
export const isGiving = (word: string): boolean => giving.test(word) || isGivingTo(word) || naming.test(word);

/** What governs a Russian dative: «переведи», «500 рублей». */
export const isGivingTo = (word: string): boolean => givingVerb.test(word) || givingSum.test(word);

/** «перевел», «отправила»: what was given already. */
export const isGivingPast = (word: string): boolean => givingVerb.test(word) && /л[аи]?$/.test(word);

const giving =
  /^(to|for|want|need|let|pay|send|give|wire|sent|name|named|called|hand|gift|recipient|it's|2)$/;
const givingVerb =
  /^(перев(?!ып)\p{L}*|переки\p{L}*|отправ\p{L}*|скин\p{L}*|закин\p{L}*|подкин\p{L}*|накин\p{L}*|кин\p{L}*|перешл\p{L}*|пересл\p{L}*|перечисл\p{L}*|пошл[июе]\p{L}*|послал[аи]?|послать|вышли|вышлите|выслал[аи]?|дай|дайте|заплат\p{L}*|плат[иь]\p{L}*|верни|верните|верну\p{L}*|отда\p{L}*|одолж\p{L}*|занял[аи]?|должен|должна|зачисл\p{L}*|внес\p{L}*|сбрось\p{L}*|сброс[ил]\p{L}*|отсыпь)$/u;
const givingSum =
  /^(деньги|денег|руб|рублей|рубля|рубль|р|тыс|тысяч|тысячу|тысячи|сумму|баксов|долларов|евро|к|₽)$/u;
const naming =
  /^(для|получател\p{L}*|зовут|имя|клиент\p{L}*|друг\p{L}*|подруг\p{L}*|брат\p{L}*|сестр\p{L}*|жен\p{L}*|муж\p{L}*|сын\p{L}*|доч\p{L}*)$/u;

/** Words that may stand between the giving and the name. */
export const isBridge = (word: string): boolean =>
  /^(my|friend|name|a|the|mr|mrs|ms|dr|моему|моей|мой|моя|своему|своей|на|имя|срочно|пожалуйста|please|и|and|с|со|счета|карты|накопительного|сберегательного|текущего|расчетного)$/u.test(
    word,
  );

export const isTitle = (word: string): boolean => /^(mr|mrs|ms|miss|dr|prof)$/.test(word);

/** Small words inside a surname: "Ahmed bin Salman", "van der Berg". */
export const isParticle = (word: string): boolean =>
  /^(bin|ibn|ben|al|el|van|von|der|den|de|del|da|di|la|le)$/.test(word);

const kin = new Map<string, string>();
for (const forms of 'мама маме маму мамы мамочке мамуле|папа папе папу папы|батя бате батю бати|отец отцу отца|мать матери|брат брату брата|сестра сестре сестру|жена жене жену|муж мужу мужа|сын сыну сына сынок сынку|дочь дочери дочке дочка дочку|бабушка бабушке бабуле|дедушка дедушке|дед деду|внук внуку|внучка внучке|друг другу друга|подруга подруге подругу|тетя тете|дядя дяде|теща теще|свекровь свекрови|mom mum mother mommy|dad father daddy|brother bro|sister sis|wife|husband hubby|son|daughter|grandma grandmother granny|grandpa grandfather|aunt auntie|uncle|landlord|landlady|roommate'.split(
  '|',
)) {
  const all = forms.split(' ');
  for (const form of all) kin.set(form, all[0] ?? form);
}

/** A person by kinship, in the nominative: «маме» → «мама». */
export const kinOf = (word: string): string | undefined => kin.get(word);

/** Whom the word tells too little of: told only in an answer to «кому?». */
export const isAcquaintance = (word: string): boolean =>
  /^(друг\p{L}{0,2}|подруг\p{L}|landlord|landlady|roommate)$/u.test(word);

/** Kinship that goes before a name as its part: «дядя Коля», "Aunt Rosa". */
export const isKinTitle = (word: string): boolean =>
  /^(тетя|тете|дядя|дяде|бабушка|бабушке|дедушка|дедушке|дед|деду|баба|бабе|aunt|auntie|uncle)$/.test(word);
