/** What the keyboard of a phone takes at least, pixels. */
const KEYBOARD_PX = 120;

/**
 * Keeps the full-screen sheet within what the keyboard of a phone leaves, and the page beneath from scrolling.
 * `follow` says whether the sheet is open.
 */
export function followKeyboard(
  sheet: HTMLElement,
  fullScreen: MediaQueryList,
): { follow: (isOpen: boolean) => void } {
  const viewport = window.visualViewport;
  const page = document.documentElement;
  let isFollowing = false;
  let isLocked = false;
  let overflowBefore = '';

  const fit = () => {
    // A client who zoomed in wants to look closer, not another layout.
    const follows = isFollowing && fullScreen.matches && viewport && viewport.scale <= 1.01;
    const keyboard = follows ? window.innerHeight - viewport.height > KEYBOARD_PX : false;
    sheet.classList.toggle('keyboard', keyboard);
    sheet.style.height = follows ? `${viewport.height}px` : '';
    sheet.style.top = follows ? `${viewport.offsetTop}px` : '';
    sheet.style.bottom = follows ? 'auto' : '';
  };
  const lock = (locks: boolean) => {
    if (locks === isLocked) return;
    isLocked = locks;
    if (locks) overflowBefore = page.style.overflow;
    page.style.overflow = locks ? 'hidden' : overflowBefore;
  };
  viewport?.addEventListener('resize', fit);
  viewport?.addEventListener('scroll', fit);

  return {
    follow(isOpen) {
      isFollowing = isOpen;
      lock(isOpen && fullScreen.matches);
      fit();
    },
  };
}
