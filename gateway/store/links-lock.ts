/** Any number that no other lock of the hub has. */
const KEY = 20_260_011;

/**
 * Whose conversation a sender writes in is read before that conversation is locked. Between the two no link may come,
 * so whatever links waits for the batches that are under way, and they for it.
 */
export const BESIDE_LINKS = `begin; select pg_advisory_xact_lock_shared(${KEY})`;
export const LINKING = `begin; select pg_advisory_xact_lock(${KEY})`;
