import { codeTitle, texts } from './texts.js';

const CODES_EVERY_MS = 3_000;
const CODES_SHOWN = 3;
const SIGN_AGAIN_EVERY_MS = 60_000;
const LOCALE = 'demo-bank:locale';
const CLIENT = 'demo-bank:client';

const part = (id) => document.getElementById(id);
let locale = localStorage.getItem(LOCALE) ?? (navigator.language.startsWith('ru') ? 'ru' : 'en');
let codes = [];

// The widget takes these up when it is there.
window.okno ??= (...command) => {
  window.okno.q ??= [];
  window.okno.q.push(command);
};

function show() {
  document.documentElement.lang = locale;
  document.title = texts[locale].bank;
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = texts[locale][element.dataset.text];
  }
  for (const button of document.querySelectorAll('[data-locale]')) {
    button.setAttribute('aria-pressed', String(button.dataset.locale === locale));
  }
  showCodes();
}

function setLocale(next) {
  locale = next;
  localStorage.setItem(LOCALE, next);
  window.okno('locale', next);
  show();
}

/** Asks the demo for a signed identity, as a bank's own server would give its page one. */
async function askIdentity(clientLocale) {
  const answer = await fetch(`demo/identity?locale=${clientLocale}`).catch(() => undefined);
  return answer?.ok ? answer.json() : undefined;
}

function showClient(name) {
  part('client-name').textContent = name ?? '';
  part('client-name').hidden = name === undefined;
  part('sign-in').hidden = name !== undefined;
  part('sign-out').hidden = name === undefined;
  part('identity-out').hidden = name !== undefined;
  part('identity-in').hidden = name === undefined;
}

/** The client stays the same when the language changes: the demo has one for each. */
async function signIn(clientLocale) {
  const identity = await askIdentity(clientLocale);
  if (!identity) return;
  sessionStorage.setItem(CLIENT, clientLocale);
  window.okno('identify', identity.token);
  showClient(identity.name ?? '');
}

function signOut() {
  sessionStorage.removeItem(CLIENT);
  window.okno('identify', null);
  showClient(undefined);
  part('sign-in').focus();
}

async function startIdentity() {
  if (!(await askIdentity(locale))) return;
  part('client').hidden = false;
  part('identity').hidden = false;
  const client = sessionStorage.getItem(CLIENT);
  if (client) await signIn(client);
}

function showCodes() {
  const time = new Intl.DateTimeFormat(locale === 'ru' ? 'ru-RU' : 'en-GB', { timeStyle: 'short' });
  const lines = codes.slice(0, CODES_SHOWN).map(({ code, channel, at }) => {
    const line = document.createElement('li');
    const shown = document.createElement('code');
    shown.textContent = code;
    const when = document.createElement('span');
    when.className = 'dim';
    when.textContent = time.format(new Date(at));
    line.append(codeTitle[locale](channel), ' ', shown, when);
    return line;
  });
  part('code-list').replaceChildren(...lines);
  part('no-codes').hidden = codes.length > 0;
}

/** Asks for the codes that were sent, over and over while the page is looked at; stops where there are none to ask for. */
async function followCodes() {
  if (!document.hidden) {
    const answer = await fetch('demo/codes').catch(() => undefined);
    if (answer?.status === 404) return;
    if (answer?.ok) {
      const sent = await answer.json();
      part('codes').hidden = false;
      if (JSON.stringify(sent) !== JSON.stringify(codes)) {
        codes = sent;
        showCodes();
      }
    }
  }
  setTimeout(followCodes, CODES_EVERY_MS);
}

for (const button of document.querySelectorAll('[data-locale]')) {
  button.addEventListener('click', () => setLocale(button.dataset.locale));
}
part('open').addEventListener('click', () => window.okno('open'));
part('sign-in').addEventListener('click', async () => {
  await signIn(locale);
  part('sign-out').focus();
});
part('sign-out').addEventListener('click', signOut);
let signedAgainAt = Number.NEGATIVE_INFINITY;
window.okno('on', 'identity-refused', () => {
  // The token was over: the bank's server signs another, as long as the client is signed in.
  const client = sessionStorage.getItem(CLIENT);
  if (!client || Date.now() - signedAgainAt < SIGN_AGAIN_EVERY_MS) return;
  signedAgainAt = Date.now();
  void signIn(client);
});
window.okno('locale', locale);
show();
void startIdentity();
void followCodes();
