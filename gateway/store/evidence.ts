/** How long a proof of identity counts; after that the client proves it again. */
const VALID_MINUTES = 30;

/** SQL: what an identity's evidence is worth now. A page or a phone that somebody else picks up must not pay. */
export const evidenceNow = (identity: string): string =>
  `case when ${identity}.proved_at > now() - interval '${VALID_MINUTES} minutes' then ${identity}.evidence else 'claimed' end`;
