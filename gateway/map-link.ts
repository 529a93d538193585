import type { LocationContent } from './model/content.ts';

/** An address that shows the place on a map; https://wiki.openstreetmap.org/wiki/Browsing#Sharing_a_link_to_the_maps */
export function mapLink({ latitude, longitude }: LocationContent): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
}
