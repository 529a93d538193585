import { DEMO_LOGINS } from '../../gateway/access/first-users.ts';
import { type RunningHub, startHub } from '../main.ts';
import { isLoopback, readSettings, type Settings } from '../settings.ts';
import { ROOT } from '../version.ts';
import { type Io, parse, type Run } from './command.ts';

/** What is not done by then is found at the next start. */
const STOP_LIMIT_MS = 14_000;
const LINGER_MS = 500;

/** `okno start`: runs until SIGINT or SIGTERM, then stops gracefully. */
export const run: Run = async (argv, io) => {
  parse(argv, { options: {} });
  const settings = readSettings(process.env, ROOT);
  const stopAsked = new Promise<void>((resolve) => {
    // Not `once`: npm passes a Ctrl-C on that the terminal has already sent, and the second would end us at once.
    process.on('SIGINT', resolve);
    process.on('SIGTERM', resolve);
  });
  const hub = await startHub(settings);
  greet(hub, settings, io);
  // The hub serves meanwhile; what a stop cuts off here is only the look of an empty demo.
  hub.playDialogues().catch(() => {});
  await stopAsked;
  io.stderr.write(isRussian() ? '\nОстанавливаюсь…\n' : '\nStopping…\n');
  const limit = setTimeout(() => process.exit(1), STOP_LIMIT_MS);
  await hub.stop();
  clearTimeout(limit);
  // All is done: a connection that a library opens again, as Bull does after Redis was away, must not hold the process.
  setTimeout(() => process.exit(0), LINGER_MS).unref();
  return 0;
};

function greet({ url, administrator }: RunningHub, settings: Settings, { stdout }: Io): void {
  const ru = isRussian();
  const lines = [
    '',
    ru ? '  Окно работает.' : '  Okno is running.',
    '',
    `  ${ru ? 'страница банка' : "the bank's page"}   ${url}/`,
    `  ${ru ? 'рабочее место ' : 'the window     '}   ${url}/window`,
    `  API               ${url}/api/docs`,
  ];
  if (settings.demo !== 'off') {
    lines.push(
      '',
      ru
        ? `  Демо-банк. Пароль для всех: ${DEMO_LOGINS.password}`
        : `  Demo bank. The password of all: ${DEMO_LOGINS.password}`,
    );
    for (const { email, name } of DEMO_LOGINS.logins) lines.push(`  ${email.padEnd(22)} ${name}`);
    if (!isLoopback(settings.host)) {
      lines.push('', ru ? '  Внимание: демо открыто для сети.' : '  Mind: the demo is open to the network.');
    }
  }
  if (administrator) {
    lines.push('', `  ${ru ? 'Первый администратор' : 'First administrator'}: ${administrator.email}`);
    if (administrator.generated) {
      lines.push(
        `  ${ru ? 'Пароль (показан один раз)' : 'Password (shown once)'}: ${administrator.generated}`,
      );
    }
  }
  lines.push('', ru ? '  Остановить: Ctrl-C' : '  Stop: Ctrl-C', '');
  stdout.write(`${lines.join('\n')}\n`);
}

function isRussian(): boolean {
  return /^ru/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
}
