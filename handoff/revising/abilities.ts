import type { Capabilities } from '../../gateway/connectors/capabilities.ts';
import type { Connector } from '../../gateway/connectors/connector.ts';
import type { ChannelId } from '../../gateway/model/ids.ts';
import type { Revisable } from '../api.ts';

/** What can be done with messages on one channel. */
export type Abilities = Omit<Revisable, 'channel'>;
export type AbilitiesOn = (channel: ChannelId) => Abilities;

const NOTHING: Abilities = { edit: false, delete: false, react: false };

/** What the channels that are on can do: what their connectors have a method for, or show from the log themselves. */
export function createAbilities(
  connectors: ReadonlyMap<ChannelId, Pick<Connector, 'edit' | 'remove' | 'react'>>,
  capabilitiesOf: (channel: ChannelId) => Capabilities | undefined,
): AbilitiesOn {
  return (channel) => {
    const capabilities = capabilitiesOf(channel);
    const connector = connectors.get(channel);
    if (!capabilities || !connector) return NOTHING;
    const { abilities, acceptance, limits } = capabilities;
    const isOurPage = acceptance === 'commit';
    const { edit, delete: deletion } = limits.revisableForMs ?? {};
    return {
      edit: abilities.edit === 'native' && (isOurPage || connector.edit !== undefined),
      delete: abilities.delete === 'native' && (isOurPage || connector.remove !== undefined),
      react: abilities.reaction === 'native' && (isOurPage || connector.react !== undefined),
      ...(edit !== undefined && { editForMs: edit }),
      ...(deletion !== undefined && { deleteForMs: deletion }),
    };
  };
}
