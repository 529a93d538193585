import type { Place } from './shown-phrases.ts';

/** Names in which no two of these places are the same: behind a name that another has too stands the id. Pure. */
export function tellApart(
  places: readonly Place[],
  nameOf: (place: Place) => string,
): (place: Place) => string {
  const sameAs = (name: string) => places.filter((place) => isSame(nameOf(place), name));
  const doubled = new Set(places.filter((place) => sameAs(nameOf(place)).some((other) => other !== place)));
  return (place) => {
    const name = nameOf(place);
    return place !== null && doubled.has(place) && place !== name ? `${name} (${place})` : name;
  };
}

function isSame(one: string, other: string): boolean {
  return one.toLocaleLowerCase() === other.toLocaleLowerCase();
}
