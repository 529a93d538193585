import type { CustomEntities } from '../../nlu/entities/custom.ts';
import { maskedKinds } from '../../nlu/entities/data-class.ts';
import type { LiveModel } from '../../nlu/live-model.ts';
import { maskPersonal } from '../../nlu/mask.ts';

/** A text as it may be kept to be learned from. */
export type MaskPhrase = (text: string) => string;

/** Takes personal data out, the scripts' own patterns among it; the same for what clients said and what admins bring. */
export function createMaskPhrase(understand: LiveModel['understand'], custom: CustomEntities): MaskPhrase {
  return (text) => {
    const { entities, language } = understand(text, { kinds: maskedKinds, custom });
    return maskPersonal(text, entities, language);
  };
}
