/**
 * The one-time link with which the client came from another channel, `?okno=…` in the page's address. It is taken out of
 * the address, so that it stands neither in the history nor in what the client copies.
 */
export function takeMoveLink(): string | undefined {
  const address = new URL(location.href);
  const link = address.searchParams.get('okno');
  if (!link || !/^okno_[\w-]{22}$/.test(link)) return undefined;
  address.searchParams.delete('okno');
  history.replaceState(history.state, '', address.href);
  return link;
}
