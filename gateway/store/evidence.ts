/** How long a proof of identity counts; after that the client proves it again. */
const VALID_MINUTES = 30;

/** SQL: what an identity's evidence is worth now. A page or a phone that somebody else picks up must not pay. */
export const evidenceNow = (identity: string): string =>
  `case when ${identity}.proved_at > now() - interval '${VALID_MINUTES} minutes' then ${identity}.evidence else 'claimed' end`;

/** SQL: for how many milliseconds an identity's proof still counts; null or negative where there is none. */
export const provedForMs = (identity: string): string =>
  `(extract(epoch from ${identity}.proved_at + interval '${VALID_MINUTES} minutes' - now()) * 1000)::float8`;
