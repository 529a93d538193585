/** The least that a script set needs besides its scripts: what is shared, a person, a proof, a cancel, a fallback. */

const text = (words: string) => `{ ru: "${words}", en: "${words}" }`;
const own = {
  yes: 'Yes',
  no: 'No',
  operator: 'A person',
  back: 'Back to {title}.',
  choose: 'CHOOSE',
  people: 'PEOPLE',
  change: 'CHANGE',
  amended: 'Changed: {values}.',
  noted: 'Noted: {values}.',
  already_done: 'DONE',
  pending: 'PENDING',
  pending_fixed: 'PENDING, FIXED',
  pending_unclear: 'PENDING, UNCLEAR',
  later: 'PENDING, THEN {title}',
  later_full: 'PENDING, FULL',
  confirm_first: 'FIRST, THEN {title}',
  old_choice: 'OLD',
  unsupported: 'TEXT ONLY',
  forgotten: 'FORGOTTEN {closed}',
  declined: 'DECLINED',
  repeated: 'REPEATED',
  upset: 'UPSET',
  refused: 'REFUSED',
  failed: 'FAILED',
  unknown: 'UNKNOWN',
  unidentified: 'UNIDENTIFIED',
  stuck: 'STUCK',
};

export const commonYaml = `
common:
  currency: USD
  identify: proof
  people: people
  forget_after: 30 minutes
  texts:
${Object.entries(own)
  .map(([name, words]) => `    ${name}: ${text(words)}`)
  .join('\n')}
`;

const script = (name: string, rest: string) => `
script: ${name}
title: { ru: ${name}, en: ${name} }
${rest}
`;

/** Scripts by name; `proof` calls an action `prove`. */
export const helpers = [
  script('people', 'when: { intents: [people] }\nat_once: true\nsteps:\n  - handoff: asked'),
  script('proof', 'steps:\n  - call: prove'),
  script('cancel', `when: { intents: [cancel] }\ncloses: true\nsteps:\n  - say: ${text('CANCELLED')}`),
  script('fallback', `when: { events: [not-understood] }\nsteps:\n  - say: ${text('WHAT?')}`),
  script('returned', `when: { events: [returned] }\nsmall_talk: true\nsteps:\n  - say: ${text('BACK')}`),
];
