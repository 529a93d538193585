import type { PerformAction } from '../gateway/actions.ts';
import { createClientCodes } from '../gateway/client-codes.ts';
import type { Connector } from '../gateway/connectors/connector.ts';
import type { ConfiguredChannel } from '../gateway/hub.ts';
import type { ChannelId } from '../gateway/model/ids.ts';
import type { Database } from '../gateway/store/database.ts';
import type { Settings } from './settings.ts';
import { SettingsError } from './settings-file.ts';

interface CodesOptions {
  readonly settings: Settings;
  readonly channels: readonly ConfiguredChannel[];
  /** Of the channels, once they are connected. */
  readonly connectorOf: (channel: ChannelId) => Connector | undefined;
  readonly perform: PerformAction;
  readonly db: Database;
  readonly now: () => Date;
}

/**
 * The bot's calls, of which the hub does `send_code` and `check_code` by itself where a channel carries the codes; the
 * bank is then asked by `code_contact` where to. Throws SettingsError where that channel cannot.
 */
export function withClientCodes(options: CodesOptions): PerformAction {
  const { settings, channels, connectorOf, perform, db, now } = options;
  const { codes, demo } = settings;
  if (!codes) return perform;
  const channel = channels.find(({ id }) => id === codes.channel);
  if (!channel)
    throw new SettingsError(`codes.channel is ${codes.channel}, and no channel of that name is on`);
  if (demo !== 'off')
    throw new SettingsError('codes.channel is set, and the demo bank knows nobody’s phone; set OKNO_DEMO=0');
  const { capabilities } = channel.definition;
  // There a thread is a number or an address that the bank can know.
  if (capabilities.limits.unit !== 'segments' && channel.definition.name !== 'email')
    throw new SettingsError(`codes.channel is ${codes.channel}, which is neither of SMS nor a mailbox`);
  return async (call) => {
    if (call.name !== 'send_code' && call.name !== 'check_code') return perform(call);
    const connector = connectorOf(channel.id);
    if (!connector) return { outcome: 'failed', code: 'unavailable' };
    const clientCodes = createClientCodes({
      db,
      channel: { id: channel.id, connector, capabilities },
      findContact: (asked) => perform({ ...asked, name: 'code_contact' }),
      perMinute: codes.perMinute,
      now,
    });
    return call.name === 'send_code' ? clientCodes.send(call) : clientCodes.check(call);
  };
}
