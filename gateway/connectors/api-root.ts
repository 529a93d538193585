import { z } from 'zod';

/** An http address in a channel's settings, kept without slashes at its end. */
export const httpRoot = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

const API = { ru: 'Адрес API', en: 'Address of the API' };

/** The setting of where a network's API is reached; `cloud`: where the network itself serves it. */
export const apiRoot = (cloud: string, titles = API) => httpRoot.default(cloud).meta({ titles });

/** The same for networks that call theirs the Bot API. */
export const botApiRoot = (cloud: string) =>
  apiRoot(cloud, { ru: 'Адрес Bot API', en: 'Address of the Bot API' });
