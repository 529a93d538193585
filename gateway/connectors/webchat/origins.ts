/**
 * Tells whether a page of this origin may open the chat: the hub's own, and those that the channel allows. A client
 * without an origin is no browser, and could name any. While the hub's own address is a loopback one, so may be the
 * page's, whichever name and port it was opened by.
 */
export function createOriginCheck(
  allowed: readonly string[],
  ownUrl: string,
): (origin: string | undefined, host?: string) => boolean {
  const own = new URL(ownUrl);
  const origins = new Set([own.origin, ...allowed]);
  return (origin, host) => {
    if (origin === undefined || origins.has(origin)) return true;
    // The hub's page, by whatever name it was reached: the chat's authority is the visitor's token, not a cookie.
    if (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()) return true;
    return isLoopback(own.hostname) && URL.canParse(origin) && isLoopback(new URL(origin).hostname);
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
