import type { ConnectorDefinition } from '../gateway/connectors/connector.ts';
import type { ConfiguredChannel } from '../gateway/hub.ts';
import type { DataClass } from '../gateway/model/data-class.ts';
import type { ChannelId } from '../gateway/model/ids.ts';
import { allowsNetwork, type PolicyPack } from '../gateway/policy/pack.ts';
import type { ChannelSettings } from './settings.ts';
import { SettingsError } from './settings-file.ts';

/** The channels that are on, each with its network's definition. Throws SettingsError for what does not fit it. */
export function configuredChannels(
  channels: readonly ChannelSettings[],
  networks: readonly ConnectorDefinition<unknown>[],
): readonly ConfiguredChannel[] {
  return channels.map(({ id, network, settings, dataClass, place }) => {
    const definition = networks.find(({ name }) => name === network);
    if (!definition) {
      const known = networks.map(({ name }) => name).join(', ');
      throw new SettingsError(`${place}.network: ${network} is not a network; known are ${known}`);
    }
    const checked = definition.settings.safeParse(settings);
    if (checked.success)
      return { id: id as ChannelId, definition: carrying(definition, dataClass), settings: checked.data };
    const issue = checked.error.issues[0];
    throw new SettingsError(`${place}.settings.${issue?.path.join('.')}: ${issue?.message}`);
  });
}

/** Those that the pack of rules lets be on, and those that it keeps off. */
export function channelsUnder(
  pack: PolicyPack,
  channels: readonly ConfiguredChannel[],
): { readonly allowed: readonly ConfiguredChannel[]; readonly forbidden: readonly ConfiguredChannel[] } {
  const isAllowed = ({ definition }: ConfiguredChannel) =>
    allowsNetwork(pack, definition.capabilities.jurisdiction);
  return {
    allowed: channels.filter(isAllowed),
    forbidden: channels.filter((channel) => !isAllowed(channel)),
  };
}

/** Why a channel whose settings are there is off, and what to do. */
export const KEPT_OFF =
  'the policy pack "ru-bank" keeps it off, since the network is under foreign law; take its settings away, or change policy.pack';

/** The network with what the bank says of this channel. */
function carrying(
  definition: ConnectorDefinition<unknown>,
  dataClass: DataClass | undefined,
): ConnectorDefinition<unknown> {
  if (!dataClass) return definition;
  return { ...definition, capabilities: { ...definition.capabilities, dataClass } };
}
