import type { ConnectorDefinition } from './connector.ts';
import { email } from './email/index.ts';
import { kannel } from './kannel/index.ts';
import { max } from './max/index.ts';
import { slack } from './slack/index.ts';
import { smpp } from './smpp/index.ts';
import { telegram } from './telegram/index.ts';
import { twilio } from './twilio/index.ts';
import { vk } from './vk/index.ts';
import { voice } from './voice/index.ts';
import { webchat } from './webchat/index.ts';
import { webhook } from './webhook/index.ts';
import { whatsapp } from './whatsapp/index.ts';

/** The networks that Okno speaks. A new one is a folder, an import and a name here. */
export const networks: readonly ConnectorDefinition<unknown>[] = [
  webchat,
  telegram,
  slack,
  smpp,
  twilio,
  kannel,
  voice,
  webhook,
  email,
  whatsapp,
  max,
  vk,
];
