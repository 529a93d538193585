import type { Place } from './frames.ts';

/** A place that takes longer is not waited for, milliseconds. */
const PATIENCE_MS = 15_000;
/** A place that was found so long ago is as good as a new one, milliseconds. */
const FRESH_MS = 60_000;

/** Where the client is: the browser asks them. Undefined where they, or the page, do not allow it, or it is not known. */
export function findPlace(): Promise<Place | undefined> {
  return new Promise((resolve) => {
    // Browsers have none where the page did not come over https.
    if (!navigator.geolocation) {
      resolve(undefined);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
      () => resolve(undefined),
      { timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    );
  });
}
