/** Where the sheet takes the whole screen. */
export const FULL_SCREEN = '(max-width: 480px), (max-height: 480px)';

/** The colours are those of gateway/web/tokens.css: the loader cannot carry the whole sheet of them. */
const STYLES = `
:host { all: initial; --surface: #fff; --line: #bfc5ce; --ink: #1b1f24; --dim: #59616d; --accent: #1f5fae; --ring: #1a5196;
  --badge: #ad1f17; font: 16px/24px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif; }
@media (prefers-color-scheme: dark) {
  :host { --surface: #191d22; --line: #4a535f; --ink: #e7eaee; --dim: #a5aeba; --accent: #2b6cc0; --ring: #83b4f2; }
}
[hidden] { display: none !important; }
button { font: inherit; cursor: pointer; }
:focus-visible { outline: 2px solid var(--ring); outline-offset: 2px; }
.launcher { position: fixed; z-index: 2147483000; display: flex; align-items: center; gap: 8px; box-sizing: border-box; height: 48px;
  right: calc(20px + env(safe-area-inset-right, 0px)); bottom: calc(20px + env(safe-area-inset-bottom, 0px));
  padding: 0 20px 0 16px; border: 2px solid var(--surface); border-radius: 24px; background: var(--accent); color: #fff;
  font-weight: 600; box-shadow: 0 2px 10px rgb(0 0 0 / 25%); }
.count { min-width: 12px; padding: 0 6px; margin-right: -8px; border-radius: 12px; background: #fff; color: var(--badge);
  font-size: 14px; text-align: center; font-variant-numeric: tabular-nums; }
.sheet { position: fixed; z-index: 2147483001; inset: auto calc(24px + env(safe-area-inset-right, 0px)) 24px auto; box-sizing: border-box;
  width: 400px; max-width: none; height: 640px; max-height: calc(100vh - 48px); margin: 0; padding: 0; overflow: hidden;
  border: 1px solid var(--line); border-radius: 12px; background: var(--surface); color: var(--ink);
  box-shadow: 0 8px 30px rgb(0 0 0 / 22%); }
.sheet:not([open]) { display: none; }
.sheet::backdrop { background: none; }
.sheet:focus { outline: none; }
@media ${FULL_SCREEN} {
  .sheet { inset: 0; width: 100%; height: 100%; max-height: none; border: 0; border-radius: 0; box-shadow: none;
    padding: env(safe-area-inset-top, 0px) env(safe-area-inset-right, 0px) env(safe-area-inset-bottom, 0px) env(safe-area-inset-left, 0px); }
  .sheet.keyboard { padding-bottom: 0; }
}
.room { position: relative; height: 100%; }
iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; }
iframe.waiting { visibility: hidden; }
.wait { position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 16px;
  padding: 24px; text-align: center; }
.wait p { max-width: 280px; margin: 0; color: var(--dim); }
.wait button { min-height: 40px; padding: 0 16px; border: 1px solid var(--line); border-radius: 6px; background: none; color: var(--ink); }
.wait .retry { border-color: var(--accent); background: var(--accent); color: #fff; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { :host { display: none; } }
`;

/** Puts our styles into the shadow root, in a way that a bank page's strict content policy allows where there is one. */
export function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Safari before 16.4 has no constructable sheets.
    const style = document.createElement('style');
    style.textContent = STYLES;
    root.append(style);
  }
}
