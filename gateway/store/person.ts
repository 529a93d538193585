/**
 * SQL: the contacts that are one person with this one, itself among them: those that were linked into it, the one that
 * it was linked into, and those linked into that. What was said before the link stays with the contact that said it.
 */
export const personOf = (contact: string): string =>
  `(select ${contact}
    union select i.own from identity i where i.contact = ${contact} and i.own is not null
    union select i.contact from identity i where i.own = ${contact}
    union select s.own from identity i join identity s on s.contact = i.contact
      where i.own = ${contact} and s.own is not null)`;
