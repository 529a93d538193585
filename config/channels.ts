import type { ConnectorDefinition } from '../gateway/connectors/connector.ts';
import type { ConfiguredChannel } from '../gateway/hub.ts';
import type { ChannelId } from '../gateway/model/ids.ts';
import type { ChannelSettings } from './settings.ts';
import { SettingsError } from './settings-file.ts';

/** The channels that are on, each with its network's definition. Throws SettingsError for what does not fit it. */
export function configuredChannels(
  channels: readonly ChannelSettings[],
  networks: readonly ConnectorDefinition<unknown>[],
): readonly ConfiguredChannel[] {
  return channels.map(({ id, network, settings, place }) => {
    const definition = networks.find(({ name }) => name === network);
    if (!definition) {
      const known = networks.map(({ name }) => name).join(', ');
      throw new SettingsError(`${place}.network: ${network} is not a network; known are ${known}`);
    }
    const checked = definition.settings.safeParse(settings);
    if (checked.success) return { id: id as ChannelId, definition, settings: checked.data };
    const issue = checked.error.issues[0];
    throw new SettingsError(`${place}.settings.${issue?.path.join('.')}: ${issue?.message}`);
  });
}
