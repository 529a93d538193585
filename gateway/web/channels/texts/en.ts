export const en = {
  title: 'Channels',
  list: 'How the channels are',
  failed: 'The state of the channels did not load',
  empty: 'There are no channels',
  'empty.hint': 'Switch a channel on in the settings file, and it will be here.',
  'state.working': 'Working',
  'state.silent': 'Silent for more than a day',
  'state.troubled': 'In trouble',
  'state.broken': 'Broken',
  'state.off': 'Kept off',
  'state.unknown': 'Being checked',
  account: 'Name on the network',
  lastInbound: 'Last inbound',
  never: 'none yet',
  attempts: 'Sent in 10 minutes',
  attemptsFailed: 'not taken by the network: {{count}}',
  waiting: 'Waiting to be sent',
  waitingSince: '{{count}}, the oldest for {{time}}',
  test: 'Test',

  'problem.unauthorized':
    'The network refuses our token or password. Get a new one and put it into the settings of the channel.',
  'problem.forbidden':
    'The network does not allow what the channel needs. Check its rights, and whether the account is blocked.',
  'problem.unreachable':
    'The network does not answer. Check the way to the internet, the address in the settings, and the proxy.',
  'problem.server-silent':
    'The mail server accepts connections and then says nothing. See whether its service runs and what its log says; check the port and the encryption in the address of the settings, and what stands between.',
  'problem.server-hangs-up':
    'The mail server accepts connections and closes them before it lets us in. See what its log says, whether it allows this address so many sessions, and whether the port and the encryption in the settings are right.',
  'problem.network-trouble':
    'The network answers with errors. It usually passes; if not, look at its status page.',
  'problem.not-connected': 'There is no connection to the network. Check address, login and password.',
  'problem.webhook-missing':
    'The network does not know where to send messages. Check PUBLIC_URL and restart.',
  'problem.webhook-elsewhere':
    'The network sends messages to another address: the same account is connected elsewhere. Disconnect it there.',
  'problem.webhook-failing':
    'The network could not hand over messages. Check that PUBLIC_URL opens from the internet.',
  'problem.backlog': 'Messages for us pile up at the network. If they do not get fewer, restart.',
  'problem.limited': 'The quota of the account is used up or nearly so. Have it raised by the network.',
  'problem.sending-fails':
    'More than half of the attempts of 10 minutes failed. See why under "Not delivered".',
  'problem.deliveries-wait':
    'Messages have waited for more than 5 minutes. The network is busy or does not answer.',
  'problem.silent-too-long':
    'Nothing has come in for longer than is usual here. Write to the channel yourself; if it does not appear, press “Test”.',
  'problem.channel-off': 'The channel is off, and messages of it wait. Switch it on again.',
  'problem.kept-off':
    'The policy pack “{{detail}}” keeps this channel off although it has settings: its network is under foreign law, and Federal Law 41-FZ forbids banks to speak with clients through foreign messengers. Nothing comes in or goes out, not even what waits. Write to these clients on another channel. Another pack (policy.pack) is a decision of the bank’s compliance.',

  'test.title': 'Test of the channel: {{channel}}',
  'test.thread': 'Where to send a test message',
  'test.threadHint': 'A chat id, a phone number or an address, as the network names it. It may stay empty.',
  'test.run': 'Start the test',
  'test.again': 'Test again',
  'test.steps': 'Steps of the test',
  'step.settings': 'Settings',
  'step.network': 'The network knows us',
  'step.address': 'The network knows our address',
  'step.inbound': 'Messages come in',
  'step.outbound': 'Test message',
  'outcome.passed': 'in order',
  'outcome.failed': 'failed',
  'outcome.skipped': 'not tested here',
  'outcome.waiting': 'write to this channel and test again',
} as const;
